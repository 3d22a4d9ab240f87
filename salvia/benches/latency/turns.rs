//! Other tasks beside a long commit, on one thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use salvia::{QueryContext, Runtime, query};
use tokio::task::yield_now;

use crate::kit::{Slot, put, runtime};
use crate::table::Table;

/// A million nodes with those above them, all of which a change of slot 0 makes dirty.
const GROUPS: u32 = 1_000;
const LEAVES: u32 = 999;

#[query]
async fn leaf(n: u32, cx: &QueryContext) -> i64 {
    Slot(0).get(cx).await + i64::from(n % 2)
}

#[query]
async fn group(g: u32, cx: &QueryContext) -> i64 {
    let mut sum = 0;
    for n in 0..LEAVES {
        sum += leaf(g * LEAVES + n, cx).await;
    }
    sum
}

#[query]
async fn whole(cx: &QueryContext) -> i64 {
    let mut sum = 0;
    for g in 0..GROUPS {
        sum += group(g, cx).await;
    }
    sum
}

async fn ask(rt: &Arc<Runtime>) -> i64 {
    rt.query(|cx| async move { whole(&cx).await }).await
}

/// What a task sees that asks for its turn all the time: the longest it had to wait, and how many turns it had.
async fn ticker(stop: Arc<AtomicBool>) -> (Duration, u32) {
    let (mut longest, mut turns, mut last) = (Duration::ZERO, 0, Instant::now());
    while !stop.load(Ordering::Relaxed) {
        yield_now().await;
        let now = Instant::now();
        longest = longest.max(now - last);
        last = now;
        turns += 1;
    }
    (longest, turns)
}

/// A commit that makes a million nodes dirty, and the longest another task of the same thread waits for its turn meanwhile; then
/// the same of a question that computes them all again.
pub(crate) fn beside_a_long_commit(table: &mut Table) {
    let tokio = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a thread is there");
    tokio.block_on(async {
        let rt = runtime();
        let nodes = i64::from(GROUPS * LEAVES);
        assert_eq!(ask(&rt).await, nodes / 2);
        let stop = Arc::new(AtomicBool::new(false));
        let ticks = tokio::spawn(ticker(stop.clone()));
        yield_now().await;
        let began = Instant::now();
        put(&rt, 0, 1).await;
        let took = began.elapsed();
        stop.store(true, Ordering::Relaxed);
        let (longest, turns) = ticks.await.expect("it only counts");
        assert!(turns > 100, "{turns} turns");
        table.milliseconds("commit that makes 1,000,000 nodes dirty", took);
        table.milliseconds("longest wait of another task meanwhile", longest);

        let stop = Arc::new(AtomicBool::new(false));
        let ticks = tokio::spawn(ticker(stop.clone()));
        yield_now().await;
        let began = Instant::now();
        assert_eq!(ask(&rt).await, nodes + nodes / 2);
        let took = began.elapsed();
        stop.store(true, Ordering::Relaxed);
        let (longest, _) = ticks.await.expect("it only counts");
        table.milliseconds("computing them again", took);
        table.milliseconds("longest wait of another task in that time", longest);
    });
}
