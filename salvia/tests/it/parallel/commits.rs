//! Readers, commits and other tasks beside each other: nobody has to wait for the others to stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use futures::future::join_all;
use salvia::{QueryContext, query};
use tokio::task::yield_now;

use crate::kit::{Slot, counted, put, ran, runtime, within};

/// Readers of slot 0.
const READERS: u32 = 100_000;

#[query]
async fn reader(n: u32, cx: &QueryContext) -> i64 {
    Slot(0).get(cx).await + i64::from(n)
}

/// On one thread, a commit that has a hundred thousand nodes to tell gives way again and again.
#[tokio::test]
async fn a_long_commit_gives_other_tasks_turn_after_turn() {
    within(60, async {
        let rt = runtime();
        rt.query(|cx| async move {
            for n in 0..READERS {
                reader(n, &cx).await;
            }
        })
        .await;
        let turns = Arc::new(AtomicU32::new(0));
        let other = tokio::spawn({
            let turns = turns.clone();
            async move {
                loop {
                    turns.fetch_add(1, Ordering::SeqCst);
                    yield_now().await;
                }
            }
        });
        yield_now().await;
        let before = turns.load(Ordering::SeqCst);
        put(&rt, 0, 1).await;
        let turns = turns.load(Ordering::SeqCst) - before;
        other.abort();
        assert!(turns >= 20, "{turns} turns");
    })
    .await;
}

/// Always in the middle of something: each gives way once.
#[query]
async fn leaf(n: u32, cx: &QueryContext) -> i64 {
    ran(cx, "leaf");
    yield_now().await;
    Slot(n % 10).get(cx).await
}

#[query]
async fn whole(cx: &QueryContext) -> i64 {
    ran(cx, "whole");
    let mut sum = 0;
    for ten in 0..100 {
        let leaves: Vec<_> = (0..10).map(|n| leaf(10 * ten + n, cx)).collect();
        sum += join_all(leaves).await.into_iter().sum::<i64>();
    }
    sum
}

/// A reader that begins with nothing runs each body once, and sees one revision, whatever is committed meanwhile.
#[tokio::test]
async fn a_cold_reader_under_a_stream_of_commits_runs_each_body_once() {
    within(60, async {
        let (rt, counts) = counted();
        let asking = tokio::spawn({
            let rt = rt.clone();
            async move { rt.query(|cx| async move { whole(&cx).await }).await }
        });
        let mut commits = 0;
        while !asking.is_finished() {
            commits += 1;
            rt.mutate(|cx| async move {
                for slot in 0..10 {
                    Slot(slot).set(commits, &cx).await;
                }
            })
            .await;
            yield_now().await;
        }
        let sum = asking.await.expect("it has its answer");
        assert_eq!(sum % 1_000, 0, "all of one revision");
        assert!(commits > 5, "{commits} commits");
        assert_eq!((counts.of("leaf"), counts.of("whole")), (1_000, 1));
    })
    .await;
}

/// Commits get through among more readers than there are threads, none of which ever stops asking.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commits_get_through_among_endless_readers() {
    within(60, async {
        let (rt, _) = counted();
        let stop = Arc::new(AtomicBool::new(false));
        let readers: Vec<_> = (0..64)
            .map(|_| {
                let (rt, stop) = (rt.clone(), stop.clone());
                tokio::spawn(async move {
                    let mut last = 0;
                    while !stop.load(Ordering::SeqCst) {
                        let now = rt.query(|cx| async move { whole(&cx).await }).await;
                        assert!(now >= last && now % 1_000 == 0);
                        last = now;
                        yield_now().await;
                    }
                })
            })
            .collect();
        for value in 1..=20 {
            rt.mutate(|cx| async move {
                for slot in 0..10 {
                    Slot(slot).set(value, &cx).await;
                }
            })
            .await;
            yield_now().await;
        }
        stop.store(true, Ordering::SeqCst);
        for reader in readers {
            reader.await.expect("its assertions hold");
        }
    })
    .await;
}
