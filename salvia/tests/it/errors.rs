//! Errors as values: which bound query failed, why, and that it may work the next time.

use std::error::Error;
use std::sync::Arc;

use futures::future::join_all;
use salvia::{QueryContext, QueryError, QueryErrorKind, Runtime, query};
use tokio::join;

use crate::kit::{Slot, boom, counted, gated, panic_text, pass, put, ran, runtime, soon};

/// Fails while its slot is negative.
#[query]
async fn risky(n: u32, cx: &QueryContext) -> i64 {
    ran(cx, format!("risky({n})"));
    let value: i64 = Slot(n).get(cx).await;
    if value < 0 {
        boom(&format!("slot {n} holds {value}"));
    }
    value
}

#[query]
async fn asks_risky(n: u32, cx: &QueryContext) -> i64 {
    ran(cx, format!("asks_risky({n})"));
    risky(n, cx).await + 100
}

async fn outcome(rt: &Arc<Runtime>, n: u32) -> Result<i64, QueryError> {
    rt.try_query(|cx| async move { asks_risky(n, &cx).await })
        .await
}

/// What the error says, with all its sources.
fn told(error: &QueryError) -> String {
    let mut told = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        told = format!("{told}: {error}");
        source = error.source();
    }
    told
}

fn panicked(error: &QueryError) -> bool {
    matches!(error.kind(), QueryErrorKind::Panicked { .. })
}

/// The error names the bound query that failed, not the one that was asked, and says what it said.
#[tokio::test]
async fn an_error_names_the_bound_query_and_the_reason() {
    soon(async {
        let (rt, _) = counted();
        put(&rt, 3, -7).await;
        let error = outcome(&rt, 3).await.expect_err("slot 3 is negative");
        assert!(panicked(&error), "{error:?}");
        assert_eq!(error.query(), "risky(3)");
        assert!(error.to_string().contains("risky(3)"), "{error}");
        assert!(told(&error).contains("slot 3 holds -7"), "{}", told(&error));
    })
    .await;
}

#[tokio::test]
async fn a_snapshot_gives_the_failure_at_its_revision() {
    soon(async {
        let (rt, _) = counted();
        put(&rt, 3, -7).await;
        let failing = rt.snapshot();
        put(&rt, 3, 7).await;
        let asked = failing.try_query(async |cx| asks_risky(3, &cx).await);
        let error = asked.await.expect_err("slot 3 was negative");
        assert_eq!(error.query(), "risky(3)");
        let working = rt.snapshot();
        let asked = working.try_query(async |cx| asks_risky(3, &cx).await);
        assert_eq!(asked.await.expect("it is not any more"), 107);
    })
    .await;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Team {
    Red,
}

impl Team {
    #[query]
    async fn score(self, _cx: &QueryContext) -> u8 {
        boom("no score");
        0
    }
}

#[query]
async fn leader(_cx: &QueryContext) -> u8 {
    boom("no leader");
    0
}

/// The text of a bound query: the path of an associated one, the arguments as they print.
#[tokio::test]
async fn a_bound_query_is_named_by_its_path_and_arguments() {
    #[query]
    async fn hidden(_secret: Secret, _cx: &QueryContext) -> u8 {
        boom("hidden");
        0
    }
    /// Does not print.
    #[derive(Clone, PartialEq, Eq, Hash)]
    struct Secret(u8);

    soon(async {
        let rt = runtime();
        let error = rt
            .try_query(|cx| async move { Team::Red.score(&cx).await })
            .await
            .expect_err("it panics");
        assert_eq!(error.query(), "Team::score(Red)");
        let error = rt
            .try_query(|cx| async move { leader(&cx).await })
            .await
            .expect_err("it panics");
        assert_eq!(error.query(), "leader()");
        let error = rt
            .try_query(|cx| async move { hidden(Secret(1), &cx).await })
            .await
            .expect_err("it panics");
        assert_eq!(error.query(), "hidden(..)");
    })
    .await;
}

/// An error is a value like any other: cloned, sent, kept, printed.
#[tokio::test]
async fn an_error_can_be_kept_and_shared() {
    soon(async {
        let (rt, _) = counted();
        put(&rt, 1, -1).await;
        let error = outcome(&rt, 1).await.expect_err("slot 1 is negative");
        let clone = error.clone();
        let there = tokio::spawn(async move { clone.to_string() })
            .await
            .expect("it can be sent");
        assert_eq!(there, error.to_string());
        drop(rt);
        let boxed: Box<dyn Error + Send + Sync> = Box::new(error);
        assert_eq!(boxed.to_string(), there);
    })
    .await;
}

/// A failure that is asked for through `rt.query` panics there, with the same text.
#[tokio::test]
async fn rt_query_panics_with_a_failure() {
    soon(async {
        let (rt, _) = counted();
        put(&rt, 3, -7).await;
        let text = panic_text(rt.query(|cx| async move { asks_risky(3, &cx).await })).await;
        assert!(
            text.contains("risky(3)") && text.contains("slot 3 holds -7"),
            "{text:?}"
        );
        let snapshot = rt.snapshot();
        let text = panic_text(snapshot.query(|cx| async move { risky(3, &cx).await })).await;
        assert!(text.contains("risky(3)"), "{text:?}");
    })
    .await;
}

/// A panic poisons nothing. The input repaired, the same bound query works.
#[tokio::test]
async fn a_query_works_once_its_input_is_repaired() {
    soon(async {
        let (rt, counts) = counted();
        for round in 0..3 {
            put(&rt, 1, -1).await;
            assert!(panicked(
                &outcome(&rt, 1).await.expect_err("slot 1 is negative")
            ));
            put(&rt, 1, round).await;
            assert_eq!(outcome(&rt, 1).await.ok(), Some(round + 100));
            counts.take();
            assert_eq!(outcome(&rt, 1).await.ok(), Some(round + 100));
            assert!(counts.take().is_empty(), "and is remembered again");
        }
    })
    .await;
}

/// A panic stores nothing, so it is no answer either: the next to ask runs it again.
#[tokio::test]
async fn a_failed_query_runs_again_when_asked_again() {
    soon(async {
        let (rt, counts) = counted();
        put(&rt, 1, -1).await;
        for _ in 0..3 {
            outcome(&rt, 1).await.expect_err("slot 1 is negative");
        }
        assert_eq!((counts.of("risky(1)"), counts.of("asks_risky(1)")), (3, 3));
    })
    .await;
}

/// A value from before the failure is not lost: back at the old input, who kept it is still right.
#[tokio::test]
async fn a_failure_does_not_harm_what_others_remember() {
    soon(async {
        let (rt, counts) = counted();
        put(&rt, 1, 5).await;
        assert_eq!(outcome(&rt, 2).await.ok(), Some(100));
        assert_eq!(outcome(&rt, 1).await.ok(), Some(105));
        let old = rt.snapshot();
        put(&rt, 1, -1).await;
        outcome(&rt, 1).await.expect_err("slot 1 is negative");
        counts.take();
        assert_eq!(outcome(&rt, 2).await.ok(), Some(100));
        assert_eq!(
            old.query(|cx| async move { asks_risky(1, &cx).await })
                .await,
            105
        );
        assert!(counts.take().is_empty());
    })
    .await;
}

/// Everybody who waits for an execution that panics is told, of that one execution.
#[tokio::test]
async fn all_who_wait_get_the_failure() {
    #[query]
    async fn doomed(cx: &QueryContext) -> i64 {
        ran(cx, "doomed");
        pass(cx).await;
        boom("all of you");
        0
    }
    soon(async {
        let (rt, counts, gate) = gated();
        let calls = rt.query(|cx| async move {
            let calls: Vec<_> = (0..20).map(|_| doomed(&cx).catch()).collect();
            join_all(calls).await
        });
        let (outcomes, ()) = join!(calls, async {
            gate.entered().await;
            gate.open();
        });
        for outcome in outcomes {
            let error = outcome.expect_err("it panics");
            assert!(
                panicked(&error) && told(&error).contains("all of you"),
                "{error}"
            );
        }
        assert_eq!(counts.of("doomed"), 1);
    })
    .await;
}

/// The same for callers from other tasks, one of whom is gone by then.
#[tokio::test]
async fn a_failure_reaches_every_caller_and_hangs_none() {
    #[query]
    async fn doomed(cx: &QueryContext) -> i64 {
        pass(cx).await;
        boom("wherever you are");
        0
    }
    soon(async {
        let (rt, _, gate) = gated();
        let mut callers: Vec<_> = (0..10)
            .map(|_| {
                let rt = rt.clone();
                tokio::spawn(
                    async move { rt.try_query(|cx| async move { doomed(&cx).await }).await },
                )
            })
            .collect();
        gate.entered().await;
        callers.swap_remove(0).abort();
        gate.open();
        for caller in callers {
            assert!(panicked(
                &caller.await.expect("it is told").expect_err("it panics")
            ));
        }
    })
    .await;
}

/// What the closure of `try_query` itself panics with is its own affair, not a query's failure.
#[tokio::test]
async fn a_panic_of_the_closure_is_its_own() {
    soon(async {
        let (rt, _) = counted();
        let text = panic_text(rt.try_query(|_cx| async { boom("mine") })).await;
        assert_eq!(text, "mine");
        let text = panic_text(rt.query(|_cx| async { boom("mine too") })).await;
        assert_eq!(text, "mine too");
        assert_eq!(outcome(&rt, 1).await.ok(), Some(100));
    })
    .await;
}

/// A value that panics when it is compared fails its query like a body would, and works again.
#[tokio::test]
async fn a_panic_in_eq_is_a_failure_of_the_query() {
    #[derive(Debug, Clone)]
    struct Touchy(i64);
    impl PartialEq for Touchy {
        fn eq(&self, other: &Self) -> bool {
            assert!(self.0 != 13 && other.0 != 13, "thirteen is not compared");
            self.0 == other.0
        }
    }
    impl Eq for Touchy {}

    #[query]
    async fn touchy(cx: &QueryContext) -> Touchy {
        Touchy(Slot(1).get(cx).await)
    }
    async fn outcome(rt: &Arc<Runtime>) -> Result<i64, QueryError> {
        rt.try_query(|cx| async move { touchy(&cx).await.0 }).await
    }
    soon(async {
        let rt = runtime();
        assert_eq!(outcome(&rt).await.ok(), Some(0));
        put(&rt, 1, 13).await;
        let error = outcome(&rt)
            .await
            .expect_err("it is compared with the value before");
        assert_eq!((error.query(), panicked(&error)), ("touchy()", true));
        put(&rt, 1, 14).await;
        assert_eq!(outcome(&rt).await.ok(), Some(14));
    })
    .await;
}

/// `try_query` gives the value, of any type, when nothing fails.
#[tokio::test]
async fn try_query_gives_the_value() {
    soon(async {
        let (rt, _) = counted();
        assert_eq!(outcome(&rt, 1).await.ok(), Some(100));
        let shared = rt.try_query(|_cx| async { std::rc::Rc::new(1) }).await;
        assert_eq!(shared.ok().as_deref(), Some(&1));
    })
    .await;
}
