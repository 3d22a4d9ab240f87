//! Snapshots: readers and writers never wait for each other, and a reader sees one revision.

use std::collections::HashSet;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::poll;
use salvia::{QueryContext, Runtime, query};
use tokio::join;

use crate::kit::{Gate, Slot, counted, gated, pass, put, ran, soon};

#[query]
async fn squared(n: u32, cx: &QueryContext) -> i64 {
    ran(cx, format!("squared({n})"));
    let value: i64 = Slot(n).get(cx).await;
    value * value
}

#[query]
async fn total(cx: &QueryContext) -> i64 {
    ran(cx, "total");
    squared(1, cx).await + squared(2, cx).await
}

async fn ask(rt: &Arc<Runtime>) -> i64 {
    rt.query(|cx| async move { total(&cx).await }).await
}

/// There are no phases, and a snapshot in hand holds up nobody.
#[tokio::test]
async fn a_snapshot_never_blocks_a_writer() {
    soon(async {
        let (rt, _) = counted();
        let held: Vec<_> = (0..10).map(|_| rt.snapshot()).collect();
        put(&rt, 1, 2).await;
        assert_eq!(ask(&rt).await, 4);
        for snapshot in held {
            assert_eq!(
                snapshot.query(|cx| async move { total(&cx).await }).await,
                0
            );
        }
    })
    .await;
}

/// What was read has moved past the snapshot by the time its reader is checked there.
#[tokio::test]
async fn a_check_at_a_snapshot_ends_where_what_was_read_has_moved_on() {
    soon(async {
        let (rt, counts) = counted();
        put(&rt, 1, 2).await;
        assert_eq!(ask(&rt).await, 4);
        put(&rt, 1, -2).await;
        let held = rt.snapshot();
        put(&rt, 1, 5).await;
        counts.take();
        assert_eq!(held.query(|cx| async move { total(&cx).await }).await, 4);
        assert_eq!(counts.take(), ["squared(1)"]);
        assert_eq!(ask(&rt).await, 25);
        assert_eq!(counts.take(), ["squared(1)", "total"]);
        put(&rt, 1, -5).await;
        assert_eq!(held.query(|cx| async move { total(&cx).await }).await, 4);
        assert!(counts.take().is_empty());
        assert_eq!(ask(&rt).await, 25);
        assert_eq!(counts.take(), ["squared(1)"]);
    })
    .await;
}

/// A query that waits holds up neither a mutation nor the queries after it.
#[tokio::test]
async fn an_open_query_never_blocks_a_writer() {
    #[query]
    async fn slow(cx: &QueryContext) -> i64 {
        pass(cx).await;
        Slot(1).get(cx).await
    }
    soon(async {
        let (rt, _, gate) = gated();
        let mut open = pin!(rt.query(|cx| async move { slow(&cx).await }));
        assert!(poll!(open.as_mut()).is_pending());
        gate.entered().await;

        put(&rt, 1, 3).await;
        assert_eq!(ask(&rt).await, 9);
        gate.open();
        assert_eq!(open.await, 0, "it began before the mutation");
    })
    .await;
}

/// With never a moment without an open query, a mutation comes through.
#[tokio::test]
async fn a_writer_is_not_starved_by_a_stream_of_queries() {
    soon(async {
        let (rt, _) = counted();
        let stop = Gate::default();
        let stream = async {
            let mut open = rt.snapshot();
            loop {
                // The next opens before the last closes.
                let next = rt.snapshot();
                open.query(|cx| async move { total(&cx).await }).await;
                open = next;
                tokio::task::yield_now().await;
                if open.query(|cx| async move { Slot(1).get(&cx).await }).await == 20 {
                    stop.open();
                    break;
                }
            }
        };
        join!(stream, async {
            for value in 1..=20 {
                put(&rt, 1, value).await;
                tokio::task::yield_now().await;
            }
            stop.pass().await;
        });
    })
    .await;
}

#[tokio::test]
async fn all_queries_under_one_context_agree() {
    soon(async {
        let (rt, _) = counted();
        put(&rt, 1, 1).await;
        let inner = rt.clone();
        rt.query(|cx| async move {
            let before: i64 = Slot(1).get(&cx).await;
            put(&inner, 1, 2).await;
            put(&inner, 2, 2).await;
            // Read, computed and joined only now, it is all of the old revision.
            let (one, two) = join!(squared(1, &cx), squared(2, &cx));
            assert_eq!((before, one, two, total(&cx).await), (1, 1, 0, 1));
            assert_eq!(Slot(2).get(&cx).await, 0);
        })
        .await;
        assert_eq!(ask(&rt).await, 8);
    })
    .await;
}

/// Separate calls are not held together; each is consistent in itself.
#[tokio::test]
async fn separate_calls_may_see_different_revisions() {
    soon(async {
        let (rt, _) = counted();
        let first = rt.query(|cx| async move { cx.revision() }).await;
        assert_eq!(rt.query(|cx| async move { cx.revision() }).await, first);
        put(&rt, 1, 1).await;
        let second = rt.query(|cx| async move { cx.revision() }).await;
        assert!(second > first);
    })
    .await;
}

/// `revision` says the same everywhere, and it is a plain ordered value.
#[tokio::test]
async fn a_revision_names_what_a_snapshot_sees() {
    soon(async {
        let (rt, _) = counted();
        let mut seen = Vec::new();
        for value in 0..5 {
            put(&rt, 1, value).await;
            let snapshot = rt.snapshot();
            assert_eq!(snapshot.revision(), rt.revision());
            assert_eq!(
                snapshot.query(|cx| async move { cx.revision() }).await,
                rt.revision()
            );
            seen.push(snapshot.revision());
        }
        let copy = seen.clone();
        seen.sort();
        assert_eq!(seen, copy, "they grow");
        // The first set was of the initial value.
        assert_eq!(seen.iter().collect::<HashSet<_>>().len(), 5);
        assert_ne!(seen[0].to_string(), seen[1].to_string());
        assert_ne!(format!("{:?}", seen[0]), format!("{:?}", seen[1]));
    })
    .await;
}

/// A snapshot answers as of its revision, for ever, from whatever task holds it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_snapshot_keeps_its_answers() {
    soon(async {
        let (rt, _) = counted();
        let mut held = Vec::new();
        for value in 0..20 {
            put(&rt, 1, value).await;
            held.push((rt.snapshot(), value));
        }
        let tasks: Vec<_> = held
            .into_iter()
            .rev()
            .map(|(snapshot, value)| {
                tokio::spawn(async move {
                    for _ in 0..3 {
                        assert_eq!(
                            snapshot.query(|cx| async move { total(&cx).await }).await,
                            value * value
                        );
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.expect("its assertions hold");
        }
        assert_eq!(ask(&rt).await, 19 * 19);
    })
    .await;
}

/// A clone pins what its original pinned, after the original is gone.
#[tokio::test]
async fn a_clone_of_a_snapshot_is_as_good() {
    soon(async {
        let (rt, _) = counted();
        put(&rt, 1, 1).await;
        let original = rt.snapshot();
        let clone = original.clone();
        put(&rt, 1, 2).await;
        drop(original);
        put(&rt, 1, 3).await;
        assert_eq!(clone.query(|cx| async move { total(&cx).await }).await, 1);
    })
    .await;
}

/// A snapshot behind the newest value computes a node once, and shares with its clones and with open queries of its revision.
#[tokio::test]
async fn a_private_result_is_computed_once_a_snapshot() {
    soon(async {
        let (rt, counts) = counted();
        put(&rt, 1, 2).await;
        let old = rt.snapshot();
        put(&rt, 1, 3).await;
        assert_eq!(ask(&rt).await, 9);
        counts.take();

        for _ in 0..3 {
            assert_eq!(old.query(|cx| async move { total(&cx).await }).await, 4);
            let clone = old.clone();
            assert_eq!(
                clone.query(|cx| async move { squared(1, &cx).await }).await,
                4
            );
        }
        // `squared(2)` did not change in between, so the old revision has it already.
        assert_eq!(counts.take(), ["squared(1)", "total"]);

        // The newest values were not disturbed.
        assert_eq!(ask(&rt).await, 9);
        assert!(counts.take().is_empty());
    })
    .await;
}

/// What is known right over an interval is a hit at every revision of it, also for an older snapshot.
#[tokio::test]
async fn an_older_snapshot_hits_what_did_not_change_since() {
    soon(async {
        let (rt, counts) = counted();
        put(&rt, 1, 2).await;
        assert_eq!(ask(&rt).await, 4);
        let old = rt.snapshot();
        put(&rt, 3, 1).await;
        assert_eq!(ask(&rt).await, 4);
        counts.take();
        assert_eq!(old.query(|cx| async move { total(&cx).await }).await, 4);
        assert!(counts.take().is_empty());
    })
    .await;
}

/// Whoever takes the newest revision has all of it, although commits come one after the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_snapshot_taken_beside_commits_is_whole() {
    soon(async {
        let (rt, _) = counted();
        let (writing, is_over) = (rt.clone(), Arc::new(AtomicBool::new(false)));
        let over = is_over.clone();
        let writer = tokio::spawn(async move {
            let mut value = 0;
            while !over.load(Ordering::Relaxed) {
                value += 1;
                let both = writing.mutate(async |cx| {
                    Slot(1).set(value, &cx).await;
                    Slot(2).set(value, &cx).await;
                });
                both.await;
                tokio::task::yield_now().await;
            }
            value
        });
        for _ in 0..100 {
            let snapshot = rt.snapshot();
            let (one, both) = snapshot
                .query(async |cx| (Slot(1).get(&cx).await, total(&cx).await))
                .await;
            assert_eq!(both, 2 * one * one);
            drop(snapshot);
            tokio::task::yield_now().await;
        }
        is_over.store(true, Ordering::Relaxed);
        let last = writer.await.expect("it does not panic");
        assert_eq!(ask(&rt).await, 2 * last * last);
    })
    .await;
}
