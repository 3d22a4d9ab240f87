//! The end of a runtime, beside everything else.

use salvia::QueryErrorKind;

use crate::kit::{explore, go, pause, unless_refused};
use crate::world::{ask, bump, finish, go_ask, go_bump, number, pair, plain, top, world};

#[test]
fn a_shutdown_beside_a_running_update_ends_it_or_lets_it_answer() {
    explore(|| async {
        let (rt, runs) = world();
        let askers = [rt.clone(), rt.clone()]
            .map(|rt| go(async move { rt.try_query(|cx| async move { top(&cx).await }).await }));
        let ends = go({
            let rt = rt.clone();
            async move {
                pause().await;
                rt.shutdown().await;
            }
        });
        for asker in askers {
            match asker.value().await {
                Ok(value) => assert_eq!(value, 0),
                Err(error) => assert!(
                    matches!(error.kind(), QueryErrorKind::Shutdown),
                    "{error:?}"
                ),
            }
        }
        ends.value().await;
        let late = rt.try_query(|cx| async move { top(&cx).await }).await;
        assert!(late.is_err_and(|error| matches!(error.kind(), QueryErrorKind::Shutdown)));
        finish(rt, &runs).await;
    });
}

#[test]
fn a_shutdown_beside_a_commit_waits_for_one_that_has_begun() {
    explore(|| async {
        let (rt, runs) = world();
        ask!(rt, pair).await;
        ask!(rt, plain).await;
        let writer = go({
            let rt = rt.clone();
            async move { unless_refused(bump(&rt, 0)).await }
        });
        let ends = go({
            let rt = rt.clone();
            async move {
                pause().await;
                rt.shutdown().await;
                number(rt.revision())
            }
        });
        let committed = writer.value().await;
        let at_the_end = ends.value().await;
        let at_last = number(rt.revision());
        assert_eq!(committed.is_some(), at_last == 1);
        // The writer itself may still have been at it; what it left to a task was over.
        assert!(at_the_end <= at_last);
        finish(rt, &runs).await;
    });
}

#[test]
fn a_shutdown_waits_for_a_commit_whose_mutation_was_dropped() {
    explore(|| async {
        let (rt, runs) = world();
        ask!(rt, pair).await;
        ask!(rt, plain).await;
        let writer = go_bump(&rt, &[0]);
        let done = writer.cancelled().await;
        rt.shutdown().await;
        let at_the_end = number(rt.revision());
        assert!(done.is_none() || at_the_end == 1);
        // Nothing goes on behind its back.
        pause().await;
        pause().await;
        assert_eq!(number(rt.revision()), at_the_end);
        finish(rt, &runs).await;
    });
}

#[test]
fn two_who_shut_down_both_see_the_end() {
    explore(|| async {
        let (rt, runs) = world();
        let asker = go({
            let rt = rt.clone();
            async move { rt.try_query(|cx| async move { pair(&cx).await }).await }
        });
        let ends = [rt.clone(), rt.clone()].map(|rt| go(async move { rt.shutdown().await }));
        for end in ends {
            end.value().await;
        }
        if let Ok(value) = asker.value().await {
            assert_eq!(value, (0, 0));
        }
        finish(rt, &runs).await;
    });
}

#[test]
fn the_last_handle_goes_beside_updates_that_nobody_wants() {
    explore(|| async {
        let (rt, runs) = world();
        let gone = go_ask!(rt, pair);
        let snapshot = rt.snapshot();
        let other = go(async move { snapshot.query(|cx| async move { top(&cx).await }).await });
        drop(rt);
        gone.cancelled().await;
        // A snapshot keeps the runtime going.
        assert_eq!(other.value().await, 0);
        runs.check().await;
    });
}
