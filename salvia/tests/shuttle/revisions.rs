//! Readers at different revisions at one node.

use salvia::{QueryContext, query};

use crate::kit::{explore, go, pause};
use crate::world::{
    Cell, ask, bump, finish, go_ask, go_bump, halves, leaf, number, pair, plain, run, top, world,
};

#[test]
fn a_request_that_waits_for_an_older_update_takes_what_holds_at_its_own_revision() {
    explore(|| async {
        let (rt, runs) = world();
        let older = go_ask!(rt, top);
        let newer = go({
            let rt = rt.clone();
            async move {
                // Nothing to the query, then something.
                bump(&rt, 5).await;
                let first = ask!(rt, top).await;
                bump(&rt, 0).await;
                (first, ask!(rt, top).await)
            }
        });
        let (revision, value) = older.value().await;
        assert_eq!(value, [0, 0, 1][revision as usize]);
        assert_eq!(newer.value().await, ((1, 0), (2, 1)));
        assert_eq!(ask!(rt, top).await, (2, 1));
        finish(rt, &runs).await;
    });
}

#[test]
fn a_snapshot_beside_two_commits_reads_its_own_revision_and_computes_once() {
    explore(|| async {
        let (rt, runs) = world();
        bump(&rt, 0).await;
        let snapshot = rt.snapshot();
        let writer = go({
            let rt = rt.clone();
            async move {
                bump(&rt, 0).await;
                ask!(rt, pair).await;
                bump(&rt, 0).await;
            }
        });
        let readers = [snapshot.clone(), snapshot].map(|snapshot| {
            go(async move {
                for _ in 0..2 {
                    let value = snapshot.query(|cx| async move { pair(&cx).await }).await;
                    assert_eq!(value, (1, 0));
                    let value = snapshot.query(|cx| async move { plain(&cx).await }).await;
                    assert_eq!(value, (1, 0));
                }
            })
        });
        for reader in readers {
            reader.value().await;
        }
        writer.value().await;
        assert_eq!(ask!(rt, pair).await, (3, (3, 0)));
        assert!(runs.ended("pair", 1) <= 1 && runs.ended("leaf(0)", 1) <= 1);
        finish(rt, &runs).await;
    });
}

#[test]
fn a_pin_taken_beside_two_commits_keeps_its_pairs() {
    explore(|| async {
        let (rt, runs) = world();
        let writer = go_bump(&rt, &[0, 0]);
        let pins = [rt.clone(), rt.clone()].map(|rt| {
            go(async move {
                let snapshot = rt.snapshot();
                pause().await;
                let at = number(snapshot.revision());
                for _ in 0..2 {
                    let value = snapshot.query(|cx| async move { Cell(0).get::<u64>(&cx).await });
                    assert_eq!(value.await, at);
                    pause().await;
                }
            })
        });
        for pin in pins {
            pin.value().await;
        }
        writer.value().await;
        assert_eq!(ask!(rt, plain).await, (2, (2, 0)));
        finish(rt, &runs).await;
    });
}

#[test]
fn a_slow_older_update_leaves_a_newer_memo_alone() {
    explore(|| async {
        let (rt, runs) = world();
        ask!(rt, top).await;
        bump(&rt, 0).await;
        let snapshot = rt.snapshot();
        let older = go(async move { snapshot.query(|cx| async move { top(&cx).await }).await });
        let newer = go({
            let rt = rt.clone();
            async move {
                bump(&rt, 0).await;
                ask!(rt, top).await
            }
        });
        assert_eq!(older.value().await, 1);
        assert_eq!(newer.value().await, (2, 2));
        // What the newer reader made is at the node, and a change elsewhere does not concern it.
        bump(&rt, 5).await;
        assert_eq!(ask!(rt, top).await, (3, 2));
        assert_eq!((runs.begun("top", 3), runs.begun("leaf(0)", 3)), (0, 0));
        finish(rt, &runs).await;
    });
}

#[test]
fn what_an_older_reader_makes_of_a_private_result_stays_with_it() {
    explore(|| async {
        let (rt, runs) = world();
        let oldest = rt.snapshot();
        bump(&rt, 0).await;
        let snapshot = rt.snapshot();
        bump(&rt, 0).await;
        // The leaf has moved on when the older reader comes by, or not yet.
        let below = go_ask!(rt, leaf(0));
        let older = go(async move { snapshot.query(|cx| async move { top(&cx).await }).await });
        let newer = go_ask!(rt, top);
        assert_eq!(below.value().await, (2, 2));
        assert_eq!(older.value().await, 1);
        assert_eq!(newer.value().await, (2, 2));
        assert_eq!(ask!(rt, top).await, (2, 2));
        bump(&rt, 0).await;
        assert_eq!(ask!(rt, top).await, (3, 3));
        // Nor was it right before.
        let value = oldest.query(|cx| async move { top(&cx).await });
        assert_eq!(value.await, 0);
        drop(oldest);
        finish(rt, &runs).await;
    });
}

#[test]
fn a_value_that_comes_back_is_told_from_one_that_stayed() {
    explore(|| async {
        let (rt, runs) = world();
        ask!(rt, halves).await;
        // Halves: 0 at r0 and r1, 1 at r2, 0 again at r3.
        bump(&rt, 0).await;
        bump(&rt, 0).await;
        let between = rt.snapshot();
        let writer = go({
            let rt = rt.clone();
            async move {
                rt.mutate(|cx| async move { Cell(0).set(0, &cx).await })
                    .await;
                ask!(rt, halves).await
            }
        });
        let old = go(async move { between.query(|cx| async move { halves(&cx).await }).await });
        let (revision, value) = ask!(rt, halves).await;
        assert_eq!(value, [(1, 0), (0, 0)][revision as usize - 2]);
        assert_eq!(old.value().await, (1, 0));
        assert_eq!(writer.value().await, (3, (0, 0)));
        finish(rt, &runs).await;
    });
}

/// A number that lets others go on while it is compared.
#[derive(Debug, Clone)]
struct Slow(u64);

impl PartialEq for Slow {
    fn eq(&self, other: &Self) -> bool {
        shuttle::thread::yield_now();
        let same = self.0 == other.0;
        shuttle::thread::yield_now();
        same
    }
}

impl Eq for Slow {}

#[query]
async fn slow(cx: &QueryContext) -> Slow {
    let run = run(cx, "slow");
    let value = leaf(0, cx).await;
    pause().await;
    run.done(Slow(value))
}

#[test]
fn a_comparison_beside_a_newer_publication_is_made_again() {
    explore(|| async {
        let (rt, runs) = world();
        ask!(rt, slow).await;
        bump(&rt, 0).await;
        let snapshot = rt.snapshot();
        let older = go(async move { snapshot.query(|cx| async move { slow(&cx).await.0 }).await });
        let newer = go({
            let rt = rt.clone();
            async move {
                bump(&rt, 0).await;
                ask!(rt, slow).await.1.0
            }
        });
        assert_eq!(older.value().await, 1);
        assert_eq!(newer.value().await, 2);
        bump(&rt, 5).await;
        assert_eq!(ask!(rt, slow).await.1.0, 2);
        // The newer result is still the one at the node.
        assert_eq!(runs.begun("slow", 3), 0);
        finish(rt, &runs).await;
    });
}
