//! Updates that wait for each other: a cycle is found and named, and nothing else is one.

use std::sync::atomic::{AtomicU64, Ordering};

use salvia::QueryErrorKind;

use crate::kit::{explore, go, pause};
use crate::world::{Cell, ask, bump, finish, go_ask, number, ping, pong, tick, tock, world};

/// The names of the cycle of `ping` and `pong`, from either on.
fn is_the_cycle(error: &salvia::QueryError) -> bool {
    let QueryErrorKind::Cycle { participants, .. } = error.kind() else {
        return false;
    };
    participants == &["ping()", "pong()"] || participants == &["pong()", "ping()"]
}

#[test]
fn a_cycle_across_two_tasks_is_reported_to_both() {
    explore(|| async {
        let (rt, runs) = world();
        rt.mutate(|cx| async move { Cell(9).set(2, &cx).await })
            .await;
        let first = go({
            let rt = rt.clone();
            async move { rt.try_query(|cx| async move { ping(&cx).await }).await }
        });
        let second = go({
            let rt = rt.clone();
            async move { rt.try_query(|cx| async move { pong(&cx).await }).await }
        });
        let (first, second) = (first.value().await, second.value().await);
        assert!(first.as_ref().is_err_and(is_the_cycle), "{first:?}");
        assert!(second.as_ref().is_err_and(is_the_cycle), "{second:?}");
        // It is stored nowhere: without the cycle there are values.
        bump(&rt, 9).await;
        assert_eq!(ask!(rt, ping).await, (2, 10));
        assert_eq!(ask!(rt, pong).await, (2, 20));
        finish(rt, &runs).await;
    });
}

#[test]
fn two_revisions_crosswise_are_no_cycle() {
    explore(|| async {
        let (rt, runs) = world();
        // At revision 0 `ping` asks `pong`, at revision 1 `pong` asks `ping`.
        let before = rt.snapshot();
        let old = go({
            let before = before.clone();
            async move { before.query(|cx| async move { ping(&cx).await }).await }
        });
        let new = go({
            let rt = rt.clone();
            async move {
                bump(&rt, 9).await;
                ask!(rt, pong).await
            }
        });
        let late = go(async move { before.query(|cx| async move { pong(&cx).await }).await });
        assert_eq!(old.value().await, 21);
        assert_eq!(new.value().await, (1, 12));
        assert_eq!(late.value().await, 20);
        assert_eq!(ask!(rt, ping).await, (1, 10));
        finish(rt, &runs).await;
    });
}

#[test]
fn a_check_that_meets_the_new_way_round_gives_way() {
    explore(|| async {
        let (rt, runs) = world();
        ask!(rt, ping).await;
        // The memos say that `ping` asked `pong`; from now on it is the other way round.
        bump(&rt, 9).await;
        let first = go_ask!(rt, ping);
        let second = go_ask!(rt, pong);
        assert_eq!(first.value().await, (1, 10));
        assert_eq!(second.value().await, (1, 12));
        finish(rt, &runs).await;
    });
}

#[test]
fn queries_with_a_value_for_a_cycle_take_it_whoever_asks_first() {
    explore(|| async {
        let (rt, runs) = world();
        let first = go_ask!(rt, tick);
        let second = go_ask!(rt, tock);
        assert_eq!(first.value().await, (0, 2));
        assert_eq!(second.value().await, (0, 2));
        finish(rt, &runs).await;
    });
}

#[test]
fn a_cycle_that_a_commit_opens_and_closes_is_reported_at_its_revisions_only() {
    explore(|| async {
        let (rt, runs) = world();
        let asker = go({
            let rt = rt.clone();
            async move {
                for _ in 0..2 {
                    let at = AtomicU64::new(0);
                    let asked = rt.try_query(|cx| {
                        at.store(number(cx.revision()), Ordering::SeqCst);
                        async move { ping(&cx).await }
                    });
                    let value = asked.await.map_err(|error| assert!(is_the_cycle(&error)));
                    let at = at.into_inner() as usize;
                    assert_eq!(value, [Ok(21), Ok(10), Err(()), Ok(10)][at]);
                    pause().await;
                }
            }
        });
        let writer = go({
            let rt = rt.clone();
            async move {
                for _ in 0..3 {
                    bump(&rt, 9).await;
                }
            }
        });
        asker.value().await;
        writer.value().await;
        assert_eq!(ask!(rt, pong).await, (3, 20));
        finish(rt, &runs).await;
    });
}
