//! Commits beside readers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use salvia::{QueryContext, Runtime, query};
use tokio::task::yield_now;
use tokio::time::sleep;

use crate::kit::{Gate, Slot, builder, pass, put, runtime};
use crate::table::Table;
use crate::{compute, on_two_workers};

/// How long the long reader reads.
const LONG: Duration = Duration::from_secs(2);

/// Commits in its time.
const COMMITS: i64 = 200;

/// Reads at its beginning and at its end; waits in between, or computes.
#[query]
async fn long(busy: bool, round: u32, cx: &QueryContext) -> (i64, i64) {
    let first = Slot(0).get(cx).await;
    pass(cx).await;
    if busy {
        compute(LONG);
    } else {
        sleep(LONG).await;
    }
    (first, Slot(1).get(cx).await + i64::from(round))
}

/// Writes the slots 0 and 1, the same value to both, one after the other commit.
async fn commits(rt: &Arc<Runtime>, from: i64) -> Vec<Duration> {
    let mut times = Vec::new();
    for value in from..from + COMMITS {
        let began = Instant::now();
        rt.mutate(|cx| async move {
            Slot(0).set(value, &cx).await;
            Slot(1).set(value, &cx).await;
        })
        .await;
        times.push(began.elapsed());
        yield_now().await;
    }
    times
}

/// A commit takes its own time, whoever reads meanwhile; and the reader keeps what it saw first.
pub(crate) fn beside_a_long_reader(table: &mut Table) {
    let (quiet, waits, computes) = on_two_workers(async {
        let gate = Gate::default();
        let rt = builder().resource(gate.clone()).build();
        gate.open();
        let quiet = commits(&rt, 1).await;
        let mut beside = Vec::new();
        for busy in [false, true] {
            let value: i64 = rt.query(|cx| async move { Slot(0).get(&cx).await }).await;
            let reader = tokio::spawn({
                let rt = rt.clone();
                async move { rt.query(|cx| async move { long(busy, 0, &cx).await }).await }
            });
            gate.entered().await;
            beside.push(commits(&rt, value + 1).await);
            assert!(
                !reader.is_finished(),
                "the commits took longer than the reader"
            );
            let read = reader.await.expect("it has its answer");
            assert_eq!(read, (value, value), "the reader keeps its snapshot");
            let now: i64 = rt.query(|cx| async move { Slot(1).get(&cx).await }).await;
            assert_eq!(now, value + COMMITS);
        }
        let computes = beside.pop().unwrap_or_default();
        (quiet, beside.pop().unwrap_or_default(), computes)
    });
    table.spread("commit, nobody reads", quiet);
    table.spread("commit, a reader waits for 2 s", waits);
    table.spread("commit, a reader computes for 2 s", computes);
}

/// So many readers that never end.
const READERS: usize = 64;

/// Slots; a commit is to one of them.
const SLOTS: u32 = 20;

#[query]
async fn leaf(n: u32, cx: &QueryContext) -> i64 {
    Slot(n % SLOTS).get(cx).await
}

/// Of each slot as many.
#[query]
async fn sum(leaves: u32, cx: &QueryContext) -> i64 {
    let mut sum = 0;
    for n in 0..leaves {
        sum += leaf(n, cx).await;
    }
    sum
}

/// Asks again and again, giving way in between as any task has to that never waits.
async fn read_without_end(rt: Arc<Runtime>, leaves: u32, stop: Arc<AtomicBool>) -> u64 {
    let (mut asked, mut last) = (0, 0);
    while !stop.load(Ordering::Relaxed) {
        let now = rt.query(|cx| async move { sum(leaves, &cx).await }).await;
        assert!(now >= last, "each asks for a later revision");
        (asked, last) = (asked + 1, now);
        yield_now().await;
    }
    asked
}

/// The times of commits while 64 readers ask, and how many questions were answered meanwhile.
async fn endless(leaves: u32, commits: i64, pause: Duration) -> (Vec<Duration>, u64) {
    let (rt, stop) = (runtime(), Arc::new(AtomicBool::new(false)));
    let readers: Vec<_> = (0..READERS)
        .map(|_| tokio::spawn(read_without_end(rt.clone(), leaves, stop.clone())))
        .collect();
    let mut times = Vec::new();
    for value in 0..commits {
        let began = Instant::now();
        put(&rt, value as u32 % SLOTS, value + 1).await;
        times.push(began.elapsed());
        sleep(pause).await;
    }
    stop.store(true, Ordering::Relaxed);
    let mut asked = 0;
    for reader in readers {
        asked += reader.await.expect("its checks hold");
    }
    (times, asked)
}

/// Commits among endless readers of twenty nodes, and of a hundred thousand, of which a commit makes five thousand dirty.
pub(crate) fn beside_endless_readers(table: &mut Table) {
    for (leaves, commits, pause) in [(20, 1_000, 1), (100_000, 100, 20)] {
        let pause = Duration::from_millis(pause);
        let (times, asked) = on_two_workers(endless(leaves, commits, pause));
        let what = format!("64 endless readers of {leaves} nodes");
        table.note(&format!("{what}, answers"), asked as f64);
        table.spread(&format!("{what}, a commit"), times);
    }
}
