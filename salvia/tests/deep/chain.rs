//! What edits do to a deep chain.

use std::sync::Arc;

use salvia::{QueryContext, Runtime, query};

use crate::child::{Lap, in_a_child};
use crate::kit::{Slot, put};
use crate::{Runs, counted, depth};

/// One link, asking for the one below. Small changes at the bottom are none to the first link.
#[query]
async fn link(n: u32, cx: &QueryContext) -> i64 {
    Runs::note(cx);
    match n {
        0 => Slot(0).get(cx).await / 10,
        n => link(n - 1, cx).await + 1,
    }
}

async fn ask(rt: &Arc<Runtime>) -> i64 {
    rt.query(|cx| async move { link(depth(), &cx).await }).await
}

/// The number of links.
fn all() -> usize {
    depth() as usize + 1
}

/// A chain that was asked for once, with its value.
async fn asked() -> (Arc<Runtime>, Runs, i64) {
    let (rt, runs) = counted();
    let mut lap = Lap::begin();
    let value = ask(&rt).await;
    lap.end("cold");
    assert_eq!((value, runs.take()), (i64::from(depth()), all()));
    (rt, runs, value)
}

#[test]
fn a_deep_chain_is_computed_once() {
    in_a_child(|| async {
        let (rt, runs, value) = asked().await;
        assert_eq!((ask(&rt).await, runs.take()), (value, 0));
        // Asked in the middle it is there as well.
        let half = depth() / 2;
        let middle = rt.query(|cx| async move { link(half, &cx).await });
        assert_eq!((middle.await, runs.take()), (i64::from(half), 0));
    });
}

#[test]
fn a_change_travels_up_a_deep_chain() {
    in_a_child(|| async {
        let (rt, runs, value) = asked().await;
        for tens in 1..=2 {
            let mut lap = Lap::begin();
            put(&rt, 0, 10 * tens).await;
            lap.end("commit");
            assert_eq!((ask(&rt).await, runs.take()), (value + tens, all()));
            lap.end("changed all the way up");
        }
    });
}

/// One body runs; the others are checked.
#[test]
fn a_change_is_cut_off_at_the_bottom_of_a_deep_chain() {
    in_a_child(|| async {
        let (rt, runs, value) = asked().await;
        for ones in 1..=3 {
            put(&rt, 0, ones).await;
            let mut lap = Lap::begin();
            assert_eq!((ask(&rt).await, runs.take()), (value, 1));
            lap.end("checked");
            assert_eq!((ask(&rt).await, runs.take()), (value, 0));
        }
    });
}

/// A change in the middle runs the upper half, though the whole chain hears of another change at the bottom.
#[test]
fn a_change_in_the_middle_runs_what_is_above() {
    #[query]
    async fn rung(n: u32, cx: &QueryContext) -> i64 {
        Runs::note(cx);
        let own: i64 = match n {
            n if n == depth() / 2 => Slot(1).get(cx).await,
            0 => Slot(0).get(cx).await / 10,
            _ => 0,
        };
        match n {
            0 => own,
            n => own + rung(n - 1, cx).await,
        }
    }
    in_a_child(|| async {
        let (rt, runs) = counted();
        let ask = |cx: QueryContext| async move { rung(depth(), &cx).await };
        assert_eq!((rt.query(ask).await, runs.take()), (0, all()));
        rt.mutate(|cx| async move {
            Slot(0).set(1, &cx).await;
            Slot(1).set(7, &cx).await;
        })
        .await;
        let above = (depth() - depth() / 2) as usize + 1;
        assert_eq!((rt.query(ask).await, runs.take()), (7, above + 1));
    });
}

/// Computed for an older revision, beside what is there, and once.
#[test]
fn an_old_snapshot_computes_a_deep_chain_for_itself() {
    in_a_child(|| async {
        let (rt, runs, value) = asked().await;
        let old = rt.snapshot();
        put(&rt, 0, 10).await;
        assert_eq!((ask(&rt).await, runs.take()), (value + 1, all()));
        // The replaced values are still those of the snapshot.
        let seen = |cx: QueryContext| async move { link(depth(), &cx).await };
        assert_eq!((old.query(seen).await, runs.take()), (value, 0));

        // Of this one nothing was computed before the next came.
        put(&rt, 0, 20).await;
        let unseen = rt.snapshot();
        put(&rt, 0, 30).await;
        assert_eq!((ask(&rt).await, runs.take()), (value + 3, all()));
        let mut lap = Lap::begin();
        assert_eq!((unseen.query(seen).await, runs.take()), (value + 2, all()));
        lap.end("privately");
        assert_eq!((unseen.query(seen).await, runs.take()), (value + 2, 0));
        assert_eq!((ask(&rt).await, runs.take()), (value + 3, 0));
        lap = Lap::begin();
        drop((old, unseen));
        lap.end("dropped the snapshots");
        assert_eq!((ask(&rt).await, runs.take()), (value + 3, 0));
    });
}
