//! Being told of changes: every change after a look is heard, whatever comes between.

use salvia::{QueryContext, query};

use crate::kit::{explore, go, pause};
use crate::world::{
    Cell, ask, bump, finish, go_ask, go_bump, half, halves, leaf, pair, plain, run, world,
};

#[test]
fn a_commit_beside_a_subscription_is_seen_or_heard() {
    explore(|| async {
        let (rt, runs) = world();
        let writer = go_bump(&rt, &[0, 1]);
        let (revision, value) = ask!(rt, plain).await;
        assert_eq!(value, [(0, 0), (1, 0), (1, 1)][revision as usize]);
        writer.value().await;
        assert_eq!(ask!(rt, plain).await, (2, (1, 1)));
        finish(rt, &runs).await;
    });
}

#[test]
fn a_renewal_beside_a_propagation_keeps_the_news() {
    explore(|| async {
        let (rt, runs) = world();
        ask!(rt, halves).await;
        // Half of it stays: what is above is checked, and renewed.
        bump(&rt, 0).await;
        let reader = go_ask!(rt, halves);
        let writer = go_bump(&rt, &[0, 1]);
        let (revision, value) = reader.value().await;
        assert_eq!(value, [(0, 0), (0, 0), (1, 0), (1, 0)][revision as usize]);
        writer.value().await;
        assert_eq!(ask!(rt, half(0)).await, (3, 1));
        assert_eq!(ask!(rt, halves).await, (3, (1, 0)));
        finish(rt, &runs).await;
    });
}

#[test]
fn a_subscription_that_is_kept_hears_a_commit_beside_the_execution() {
    explore(|| async {
        let (rt, runs) = world();
        ask!(rt, pair).await;
        ask!(rt, plain).await;
        // The body runs for the first cell, and keeps what it has of the second.
        bump(&rt, 0).await;
        let reader = go({
            let rt = rt.clone();
            async move { (ask!(rt, pair).await, ask!(rt, plain).await) }
        });
        let writer = go_bump(&rt, &[1]);
        for (revision, value) in <[_; 2]>::from(reader.value().await) {
            assert_eq!(value, (1, revision - 1));
        }
        writer.value().await;
        assert_eq!(ask!(rt, pair).await, (2, (1, 1)));
        assert_eq!(ask!(rt, plain).await, (2, (1, 1)));
        finish(rt, &runs).await;
    });
}

#[test]
fn a_change_that_is_heard_twice_in_a_row_is_followed_twice() {
    explore(|| async {
        let (rt, runs) = world();
        ask!(rt, pair).await;
        let writer = go_bump(&rt, &[0, 0]);
        let (revision, value) = ask!(rt, pair).await;
        assert_eq!(value, (revision, 0));
        writer.value().await;
        assert_eq!(ask!(rt, pair).await, (2, (2, 0)));
        bump(&rt, 0).await;
        assert_eq!(ask!(rt, pair).await, (3, (3, 0)));
        finish(rt, &runs).await;
    });
}

/// One of many readers of the first cell.
#[query]
async fn reader(which: u8, cx: &QueryContext) -> u64 {
    let run = run(cx, format!("reader({which})"));
    let value = leaf(0, cx).await;
    // It has subscribed, and stays for a while without a memo that says so.
    pause().await;
    run.done(value + u64::from(which))
}

#[test]
fn a_compaction_beside_subscriptions_and_a_commit_forgets_nobody() {
    explore(|| async {
        let (rt, runs) = world();
        // The list of a leaf's readers is compacted when it has three, then when it has doubled.
        ask!(rt, reader(0)).await;
        let first = go({
            let rt = rt.clone();
            async move {
                ask!(rt, reader(1)).await;
                ask!(rt, reader(2)).await;
            }
        });
        let second = go({
            let rt = rt.clone();
            async move {
                ask!(rt, reader(3)).await;
                ask!(rt, reader(4)).await;
            }
        });
        let writer = go_bump(&rt, &[0]);
        first.value().await;
        second.value().await;
        writer.value().await;
        for which in 0..5 {
            assert_eq!(ask!(rt, reader(which)).await, (1, 1 + u64::from(which)));
        }
        finish(rt, &runs).await;
    });
}

/// The second cell is of interest only while the first is 0.
#[query]
async fn guarded(cx: &QueryContext) -> u64 {
    let run = run(cx, "guarded");
    let value = match leaf(0, cx).await {
        0 => leaf(1, cx).await,
        first => 10 * first,
    };
    run.done(value)
}

#[test]
fn two_who_check_beside_each_other_run_nothing_a_fresh_run_would_not() {
    explore(|| async {
        let (rt, runs) = world();
        ask!(rt, guarded).await;
        rt.mutate(|cx| async move {
            Cell(0).set(1, &cx).await;
            Cell(1).set(1, &cx).await;
        })
        .await;
        let askers = [rt.clone(), rt.clone()].map(|rt| go(async move { ask!(rt, guarded).await }));
        for asker in askers {
            assert_eq!(asker.value().await, (1, 10));
        }
        assert_eq!((runs.begun("guarded", 1), runs.begun("leaf(1)", 1)), (1, 0));
        finish(rt, &runs).await;
    });
}
