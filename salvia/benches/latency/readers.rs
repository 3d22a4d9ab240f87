//! Readers beside commits.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures::future::join_all;
use salvia::{QueryContext, Runtime, query};
use tokio::time::{MissedTickBehavior, interval};

use crate::kit::{Slot, runtime};
use crate::table::Table;
use crate::{compute, on_two_workers};

/// Groups, and leaves in each: 993 nodes with the one above them.
const WIDTH: u32 = 31;

/// A leaf reads one of a hundred slots, and computes for so many microseconds. Its first argument makes it another node each time.
#[query]
async fn leaf(_cold: u32, n: u32, micros: u32, cx: &QueryContext) -> i64 {
    let value = Slot(n % 100).get(cx).await;
    if micros > 0 {
        compute(Duration::from_micros(micros.into()));
    }
    value
}

#[query]
async fn group(cold: u32, g: u32, micros: u32, cx: &QueryContext) -> i64 {
    let leaves: Vec<_> = (0..WIDTH)
        .map(|n| leaf(cold, g * WIDTH + n, micros, cx))
        .collect();
    join_all(leaves).await.into_iter().sum()
}

#[query]
async fn whole(cold: u32, micros: u32, cx: &QueryContext) -> i64 {
    let groups: Vec<_> = (0..WIDTH).map(|g| group(cold, g, micros, cx)).collect();
    join_all(groups).await.into_iter().sum()
}

/// Asks for a graph nobody has asked for. All slots hold the same at every revision, so a mixture would show.
async fn read(rt: &Arc<Runtime>, cold: u32, micros: u32) -> Duration {
    let began = Instant::now();
    let sum = rt
        .query(|cx| async move { whole(cold, micros, &cx).await })
        .await;
    let took = began.elapsed();
    assert_eq!(sum % i64::from(WIDTH * WIDTH), 0, "of one revision");
    took
}

/// A thousand commits a second, each to all hundred slots or to one nobody reads besides. Gives the time each took.
async fn write(rt: Arc<Runtime>, stop: Arc<AtomicBool>, all: bool) -> Vec<Duration> {
    let mut ticks = interval(Duration::from_millis(1));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut times = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        ticks.tick().await;
        let (began, value) = (Instant::now(), times.len() as i64 + 1);
        let slots = if all { 0..100 } else { 100..101 };
        rt.mutate(|cx| async move {
            for slot in slots {
                Slot(slot).set(value, &cx).await;
            }
        })
        .await;
        times.push(began.elapsed());
    }
    times
}

/// The median of ten cold reads.
async fn median(rt: &Arc<Runtime>, cold: &mut u32, micros: u32) -> Duration {
    let mut times = Vec::new();
    for _ in 0..10 {
        *cold += 1;
        times.push(read(rt, *cold, micros).await);
    }
    times.sort();
    times[times.len() / 2]
}

/// One case: a runtime of its own, so that a commit finds what the readers beside it made and no more.
async fn case(micros: u32, all: Option<bool>) -> (Duration, Vec<Duration>, Duration) {
    let (rt, mut cold) = (runtime(), 0);
    // Once to show the engine what the bodies cost.
    read(&rt, cold, micros).await;
    let stop = Arc::new(AtomicBool::new(false));
    let began = Instant::now();
    let writer = all.map(|all| tokio::spawn(write(rt.clone(), stop.clone(), all)));
    let took = median(&rt, &mut cold, micros).await;
    stop.store(true, Ordering::Relaxed);
    let commits = match writer {
        Some(writer) => writer.await.expect("it only writes"),
        None => Vec::new(),
    };
    (took, commits, began.elapsed())
}

/// A cold reader of a thousand nodes, when nothing happens and under a thousand commits a second.
pub(crate) fn beside_many_commits(table: &mut Table) {
    for micros in [0, 50] {
        let what = format!("cold read, {micros} µs a leaf");
        let (quiet, ..) = on_two_workers(case(micros, None));
        table.milliseconds(&format!("{what}, quiet"), quiet);
        for (all, written) in [(false, "nothing it reads"), (true, "all it reads")] {
            let (took, commits, time) = on_two_workers(case(micros, Some(all)));
            let what = format!("{what}, commits to {written}");
            table.milliseconds(&what, took);
            let times = took.as_secs_f64() / quiet.as_secs_f64();
            table.note(&format!("{what}, times quiet"), times);
            let rate = commits.len() as f64 / time.as_secs_f64();
            table.note(&format!("{what}, commits a second"), rate);
            table.spread(&format!("{what}, a commit"), commits);
        }
    }
}
