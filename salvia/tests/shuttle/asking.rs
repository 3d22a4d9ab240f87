//! Several who ask for one bound query: who leads, who waits, who goes away.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, Ordering};

use salvia::{QueryContext, QueryErrorKind, query};

use crate::kit::{explore, go, pause};
use crate::world::{ask, bump, finish, go_ask, go_bump, leaf, run, top, world};

#[test]
fn two_who_ask_at_once_share_one_execution() {
    explore(|| async {
        let (rt, runs) = world();
        let askers = [rt.clone(), rt.clone()].map(|rt| go(async move { ask!(rt, top).await }));
        for asker in askers {
            assert_eq!(asker.value().await, (0, 0));
        }
        assert_eq!((runs.begun("top", 0), runs.begun("leaf(0)", 0)), (1, 1));
        finish(rt, &runs).await;
    });
}

#[test]
fn a_leader_that_is_cancelled_leaves_its_work_to_the_follower() {
    explore(|| async {
        let (rt, runs) = world();
        bump(&rt, 0).await;
        let leader = go_ask!(rt, top);
        let follower = go_ask!(rt, top);
        leader.cancelled().await;
        assert_eq!(follower.value().await, (1, 1));
        assert_eq!(ask!(rt, top).await, (1, 1));
        finish(rt, &runs).await;
    });
}

#[test]
fn a_follower_that_is_cancelled_disturbs_nobody() {
    explore(|| async {
        let (rt, runs) = world();
        let [leader, other, follower] = [0; 3]
            .map(|_| rt.clone())
            .map(|rt| go(async move { ask!(rt, top).await }));
        follower.cancelled().await;
        assert_eq!(leader.value().await, (0, 0));
        assert_eq!(other.value().await, (0, 0));
        finish(rt, &runs).await;
    });
}

#[test]
fn an_update_that_everybody_left_is_joined_or_run_again_by_a_newcomer() {
    explore(|| async {
        let (rt, runs) = world();
        let gone = go_ask!(rt, top);
        gone.cancelled().await;
        // It lingers, is being dropped, or is gone.
        pause().await;
        let newcomer = go_ask!(rt, top);
        pause().await;
        assert_eq!(ask!(rt, leaf(0)).await, (0, 0));
        assert_eq!(newcomer.value().await, (0, 0));
        finish(rt, &runs).await;
    });
}

#[test]
fn an_update_that_everybody_left_ends_and_takes_with_it_what_it_asked_for() {
    explore(|| async {
        let (rt, runs) = world();
        let gone = go_ask!(rt, endless);
        // One who wants the same and also goes, maybe while it is being dropped.
        let other = go_ask!(rt, waits_for_ever);
        assert_eq!(gone.cancelled().await, None);
        assert_eq!(other.cancelled().await, None);
        // A bystander's own question goes through.
        assert_eq!(ask!(rt, top).await, (0, 0));
        assert_eq!(runs.ended("endless", 0), 0);
        finish(rt, &runs).await;
    });
}

/// Never ends.
#[query]
async fn waits_for_ever(cx: &QueryContext) -> u64 {
    let _run = run(cx, "waits_for_ever");
    std::future::pending().await
}

#[query]
async fn endless(cx: &QueryContext) -> u64 {
    let run = run(cx, "endless");
    run.done(waits_for_ever(cx).await)
}

/// Whether the next execution of `breaks` fails.
struct Breaks(AtomicBool);

#[query]
async fn breaks(cx: &QueryContext) -> u64 {
    let run = run(cx, "breaks");
    pause().await;
    if cx.resource::<Breaks>().0.swap(false, Ordering::SeqCst) {
        // Without the hook, which would report a failed schedule.
        resume_unwind(Box::new("broken".to_owned()));
    }
    run.done(7)
}

#[query]
async fn over_breaks(cx: &QueryContext) -> u64 {
    breaks(cx).await + 1
}

#[test]
fn a_panic_reaches_everybody_who_waits_and_is_stored_nowhere() {
    explore(|| async {
        let runs = crate::world::Runs::default();
        let rt = salvia::Runtime::builder()
            .resource(runs.clone())
            .resource(Breaks(AtomicBool::new(true)))
            .build();
        let above = go({
            let rt = rt.clone();
            async move {
                rt.try_query(|cx| async move { over_breaks(&cx).await })
                    .await
            }
        });
        let beside = go({
            let rt = rt.clone();
            async move { rt.try_query(|cx| async move { breaks(&cx).await }).await }
        });
        let (above, beside) = (above.value().await, beside.value().await);
        let failed = |error: &salvia::QueryError| {
            let broken = matches!(error.kind(), QueryErrorKind::Panicked { message, .. } if message == "broken");
            assert!(broken && error.query() == "breaks()", "{error:?}");
        };
        let failures = above
            .as_ref()
            .err()
            .into_iter()
            .chain(beside.as_ref().err());
        // Who met it first did fail; the other waited for that, or ran it again.
        assert!((1..=2).contains(&failures.inspect(|error| failed(error)).count()));
        assert_eq!(above.unwrap_or(8), 8);
        assert_eq!(beside.unwrap_or(7), 7);
        assert_eq!(ask!(rt, over_breaks).await, (0, 8));
        finish(rt, &runs).await;
    });
}

/// Asks for the hub and something of its own, together.
#[query]
async fn spoke(cell: u8, cx: &QueryContext) -> u64 {
    let run = run(cx, format!("spoke({cell})"));
    let (hub, own) = futures::join!(top(cx), leaf(cell, cx));
    run.done(10 * hub + own)
}

#[test]
fn two_who_join_on_one_hub_see_one_revision_while_a_commit_runs() {
    explore(|| async {
        let (rt, runs) = world();
        // In revision 1 the hub is 1, in revision 2 also the own cell of the second.
        let writer = go_bump(&rt, &[0, 2]);
        let first = go_ask!(rt, spoke(1));
        let second = go_ask!(rt, spoke(2));
        let (revision, value) = first.value().await;
        assert_eq!(value, [0, 10, 10][revision as usize]);
        let (revision, value) = second.value().await;
        assert_eq!(value, [0, 10, 11][revision as usize]);
        writer.value().await;
        assert_eq!(ask!(rt, spoke(1)).await, (2, 10));
        assert_eq!(ask!(rt, spoke(2)).await, (2, 11));
        finish(rt, &runs).await;
    });
}
