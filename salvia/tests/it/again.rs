//! What a body reads again is still subscribed to, or is once more.

use std::sync::Arc;

use salvia::{QueryContext, Runtime, query};

use crate::kit::{Slot, gated, pass, put, soon};

/// Changes with every second value only.
#[query]
async fn half(slot: u32, cx: &QueryContext) -> i64 {
    Slot(slot).get(cx).await / 2
}

/// Waits at the gate after three reads, if the first says so.
#[query]
async fn halves(cx: &QueryContext) -> i64 {
    let waits = half(0, cx).await == 1;
    let mut sum = 0;
    for slot in 1..7 {
        if slot == 3 && waits {
            pass(cx).await;
        }
        sum += half(slot, cx).await;
    }
    sum
}

async fn ask(rt: &Arc<Runtime>) -> i64 {
    rt.query(async |cx| halves(&cx).await).await
}

#[tokio::test]
async fn what_was_dirty_and_has_not_changed_is_subscribed_to_again() {
    soon(async {
        let (rt, _, _) = gated();
        assert_eq!(ask(&rt).await, 0);
        // The first change is reason enough to run: what the other one leads to was not looked at.
        rt.mutate(|cx| async move {
            Slot(1).set(2, &cx).await;
            Slot(4).set(1, &cx).await;
        })
        .await;
        assert_eq!(ask(&rt).await, 1);
        put(&rt, 4, 2).await;
        assert_eq!(ask(&rt).await, 2);
        // And so is what comes behind it.
        put(&rt, 5, 2).await;
        assert_eq!(ask(&rt).await, 3);
    })
    .await;
}

/// What the running update has not read yet goes dirty, is found unchanged by somebody else, and is read then.
#[tokio::test]
async fn what_goes_dirty_while_a_body_runs_is_subscribed_to_again() {
    soon(async {
        let (rt, _, gate) = gated();
        assert_eq!(ask(&rt).await, 0);
        put(&rt, 0, 2).await;
        let slow = tokio::spawn({
            let rt = rt.clone();
            async move { ask(&rt).await }
        });
        gate.entered().await;
        put(&rt, 4, 1).await;
        assert_eq!(rt.query(async |cx| half(4, &cx).await).await, 0);
        gate.open();
        assert_eq!(slow.await.expect("it does not panic"), 0);
        for slot in [4, 1, 5] {
            let before = ask(&rt).await;
            put(&rt, slot, 2).await;
            assert_eq!(ask(&rt).await, before + 1);
        }
    })
    .await;
}

/// What it has read already changes while it runs.
#[tokio::test]
async fn what_was_read_again_is_told_to_the_running_update() {
    soon(async {
        let (rt, _, gate) = gated();
        assert_eq!(ask(&rt).await, 0);
        put(&rt, 0, 2).await;
        let slow = tokio::spawn({
            let rt = rt.clone();
            async move { ask(&rt).await }
        });
        gate.entered().await;
        put(&rt, 2, 2).await;
        gate.open();
        assert_eq!(
            slow.await.expect("it does not panic"),
            0,
            "of its own revision"
        );
        assert_eq!(ask(&rt).await, 1);
        put(&rt, 2, 4).await;
        assert_eq!(ask(&rt).await, 2);
    })
    .await;
}
