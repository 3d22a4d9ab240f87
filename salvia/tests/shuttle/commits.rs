//! Commits beside readers: what is being published when, and what is dropped half-way.

use std::time::Duration;

use salvia::{QueryContext, query};

use crate::kit::{explore, go, pause};
use crate::world::{
    Cell, ask, bump, finish, go_ask, go_bump, number, pair, plain, run, top, world,
};

#[test]
fn a_commit_beside_a_publication_is_not_lost() {
    explore(|| async {
        let (rt, runs) = world();
        let asker = go_ask!(rt, top);
        let writer = go_bump(&rt, &[0]);
        let (revision, value) = asker.value().await;
        assert_eq!(value, revision);
        writer.value().await;
        assert_eq!(ask!(rt, top).await, (1, 1));
        finish(rt, &runs).await;
    });
}

#[test]
fn a_hit_beside_a_publication_is_right_at_its_revision() {
    explore(|| async {
        let (rt, runs) = world();
        ask!(rt, top).await;
        let writer = go_bump(&rt, &[0, 0]);
        let askers = [rt.clone(), rt.clone()].map(|rt| {
            go(async move {
                for _ in 0..3 {
                    let (revision, value) = ask!(rt, top).await;
                    assert_eq!(value, revision);
                }
            })
        });
        for asker in askers {
            asker.value().await;
        }
        writer.value().await;
        assert_eq!(ask!(rt, top).await, (2, 2));
        finish(rt, &runs).await;
    });
}

#[test]
fn two_writers_take_turns() {
    explore(|| async {
        let (rt, runs) = world();
        let writers = [rt.clone(), rt.clone()].map(|rt| go(async move { bump(&rt, 0).await }));
        let (revision, value) = ask!(rt, top).await;
        assert_eq!(value, revision);
        for writer in writers {
            writer.value().await;
        }
        assert_eq!(ask!(rt, top).await, (2, 2));
        finish(rt, &runs).await;
    });
}

#[test]
fn a_mutation_dropped_in_the_middle_has_happened_or_not() {
    explore(|| async {
        let (rt, runs) = world();
        // So that the commit has readers to tell, one after the other.
        ask!(rt, pair).await;
        ask!(rt, plain).await;
        let dropped = go({
            let rt = rt.clone();
            async move {
                rt.mutate(|cx| async move {
                    Cell(0).set(5, &cx).await;
                    pause().await;
                    Cell(1).set(6, &cx).await;
                })
                .await;
            }
        });
        let reader = go({
            let rt = rt.clone();
            async move { (ask!(rt, plain).await, ask!(rt, pair).await) }
        });
        let kept = dropped.cancelled().await;
        let whole = |(revision, value): (u64, (u64, u64))| {
            assert_eq!(value, [(0, 0), (5, 6)][revision as usize]);
        };
        let (first, second) = reader.value().await;
        whole(first);
        whole(second);
        // The next writer has its turn after it, whatever became of it.
        let (dropped, next) = rt
            .mutate_pinned(|cx| async move {
                let seen = Cell(0).get(&cx).await;
                Cell(1).set(9, &cx).await;
                seen
            })
            .await;
        assert_eq!(number(next.revision()), if dropped == 5 { 2 } else { 1 });
        assert!(kept.is_none() || dropped == 5);
        drop(next);
        assert_eq!(ask!(rt, pair).await.1, (dropped, 9));
        assert_eq!(ask!(rt, plain).await.1, (dropped, 9));
        finish(rt, &runs).await;
    });
}

/// A value that is kept for a while, from the outside world and a cell.
#[query]
async fn expires(cx: &QueryContext) -> (u64, u64) {
    let run = run(cx, "expires");
    cx.expires_in(Duration::from_secs(1));
    pause().await;
    let value = Cell(0).get(cx).await;
    run.done((number(cx.revision()), value))
}

#[query]
async fn over_expires(cx: &QueryContext) -> u64 {
    let run = run(cx, "over_expires");
    run.done(expires(cx).await.1)
}

#[test]
fn an_expiry_beside_a_commit_is_a_revision_of_its_own() {
    explore(|| async {
        let (rt, runs) = world();
        ask!(rt, over_expires).await;
        let writer = go({
            let rt = rt.clone();
            async move {
                rt.mutate_pinned(|cx| async move { Cell(0).set(1, &cx).await })
                    .await
                    .1
                    .revision()
            }
        });
        let reader = go({
            let rt = rt.clone();
            async move { (ask!(rt, expires).await, ask!(rt, over_expires).await) }
        });
        let ((at, (made, value)), (above_at, above)) = reader.value().await;
        let set = number(writer.value().await);
        assert_eq!(value, u64::from(at >= set));
        assert_eq!(above, u64::from(above_at >= set));
        // What was made before the cell changed is not what is there after.
        assert!(made <= at && (at >= set) == (made >= set));
        assert_eq!(ask!(rt, over_expires).await.1, 1);
        finish(rt, &runs).await;
    });
}

#[test]
fn an_input_that_is_made_beside_a_commit_holds_its_first_value_before_it() {
    explore(|| async {
        let (rt, runs) = world();
        let before = rt.snapshot();
        let writer = go_bump(&rt, &[0]);
        let old = go(async move { before.query(|cx| async move { plain(&cx).await }).await });
        let (revision, value) = ask!(rt, plain).await;
        assert_eq!(value, (revision, 0));
        assert_eq!(old.value().await, (0, 0));
        writer.value().await;
        assert_eq!(ask!(rt, plain).await, (1, (1, 0)));
        finish(rt, &runs).await;
    });
}

#[test]
fn the_last_handle_goes_with_a_mutation_that_is_dropped() {
    explore(|| async {
        let (rt, runs) = world();
        ask!(rt, top).await;
        let writer = go(async move { bump(&rt, 0).await });
        writer.cancelled().await;
        runs.check().await;
    });
}
