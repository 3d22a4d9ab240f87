//! What one request remembers: a failure, and a value made by handling one, is stored nowhere and still runs once a request.

use std::sync::Arc;

use futures::join;
use salvia::{QueryContext, QueryError, QueryErrorKind, Runtime, query};

use crate::kit::{Counts, Slot, boom, counted, gated, pass, put, ran, soon};

/// Fails while slot 0 is one.
#[query]
async fn shaky(cx: &QueryContext) -> i64 {
    ran(cx, "shaky");
    let value: i64 = Slot(0).get(cx).await;
    if value == 1 {
        boom("shaky ground");
    }
    value
}

/// What is at the bottom of a chain while slot 0 is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Bottom {
    Failure,
    HandledFailure,
    Cycle,
}

/// So many bound queries of `chain` stand above one another.
const LENGTH: u32 = 16;

#[query]
async fn chain(n: u32, bottom: Bottom, cx: &QueryContext) -> i64 {
    ran(cx, format!("chain {n:02}"));
    match bottom {
        _ if n > 0 => chain(n - 1, bottom, cx).await + 1,
        Bottom::Failure => shaky(cx).await,
        Bottom::HandledFailure => shaky(cx).catch().await.unwrap_or(7),
        Bottom::Cycle if Slot(0).get(cx).await == 1 => back(cx).await,
        Bottom::Cycle => 0,
    }
}

/// The other half of the cycle.
#[query]
async fn back(cx: &QueryContext) -> i64 {
    ran(cx, "back");
    chain(0, Bottom::Cycle, cx).await
}

async fn ask(rt: &Arc<Runtime>, bottom: Bottom) -> Result<i64, QueryError> {
    rt.try_query(|cx| async move { chain(LENGTH - 1, bottom, &cx).await })
        .await
}

/// A runtime that remembers the whole chain, from before the edit that breaks its bottom.
async fn broken_below(bottom: Bottom) -> (Arc<Runtime>, Counts) {
    let (rt, counts) = counted();
    assert_eq!(ask(&rt, bottom).await.ok(), Some(i64::from(LENGTH) - 1));
    if bottom == Bottom::Cycle {
        rt.query(|cx| async move { back(&cx).await }).await;
    }
    put(&rt, 0, 1).await;
    counts.take();
    (rt, counts)
}

/// Every body of the chain and the one at the bottom, each once.
fn each_once(bottom: &str) -> Vec<String> {
    let mut all: Vec<_> = (0..LENGTH).map(|n| format!("chain {n:02}")).collect();
    all.push(bottom.to_owned());
    all.sort();
    all
}

/// Each asker checks what failed and then asks for it in its body: that is still one execution.
#[tokio::test]
async fn a_failure_below_a_chain_runs_once_a_request() {
    soon(async {
        let (rt, counts) = broken_below(Bottom::Failure).await;
        for _ in 0..3 {
            let error = ask(&rt, Bottom::Failure).await.expect_err("slot 0 is one");
            assert_eq!(error.query(), "shaky()");
            assert_eq!(counts.take(), each_once("shaky"));
        }
        put(&rt, 0, 2).await;
        assert_eq!(ask(&rt, Bottom::Failure).await.ok(), Some(17));
    })
    .await;
}

/// The same of a value that was made by handling the failure, and of all that was made from that.
#[tokio::test]
async fn a_handled_failure_below_a_chain_runs_once_a_request() {
    soon(async {
        let (rt, counts) = broken_below(Bottom::HandledFailure).await;
        for _ in 0..3 {
            assert_eq!(ask(&rt, Bottom::HandledFailure).await.ok(), Some(22));
            assert_eq!(counts.take(), each_once("shaky"));
        }
        put(&rt, 0, 2).await;
        assert_eq!(ask(&rt, Bottom::HandledFailure).await.ok(), Some(17));
    })
    .await;
}

/// The same of a cycle.
#[tokio::test]
async fn a_cycle_below_a_chain_runs_once_a_request() {
    soon(async {
        let (rt, counts) = broken_below(Bottom::Cycle).await;
        for _ in 0..3 {
            let error = ask(&rt, Bottom::Cycle).await.expect_err("slot 0 is one");
            let cycle = matches!(error.kind(), QueryErrorKind::Cycle { .. });
            assert!(cycle, "{error}");
            assert_eq!(counts.take(), each_once("back"));
        }
        put(&rt, 0, 0).await;
        assert_eq!(ask(&rt, Bottom::Cycle).await.ok(), Some(15));
    })
    .await;
}

/// Many ways lead to one value that is not stored: from scratch each body runs once a request, not once a way.
#[tokio::test]
async fn a_diamond_over_a_handled_failure_runs_each_body_once_a_request() {
    #[query]
    async fn fails(_n: u32, cx: &QueryContext) -> i64 {
        ran(cx, "fails");
        boom("it does");
        0
    }
    #[query]
    async fn fib(n: u32, cx: &QueryContext) -> i64 {
        ran(cx, "fib");
        if n < 2 {
            return fails(n, cx).catch().await.unwrap_or(1);
        }
        fib(n - 1, cx).await + fib(n - 2, cx).await
    }
    soon(async {
        let (rt, counts) = counted();
        for _ in 0..2 {
            assert_eq!(
                rt.query(|cx| async move { fib(25, &cx).await }).await,
                121_393
            );
            assert_eq!((counts.of("fib"), counts.of("fails")), (26, 2));
            counts.take();
        }
    })
    .await;
}

#[query]
async fn then_forgiving(cx: &QueryContext) -> bool {
    pass(cx).await;
    shaky(cx).catch().await.is_err()
}

#[query]
async fn forgiving_twice(cx: &QueryContext) -> (bool, bool) {
    let first = shaky(cx).catch().await.is_err();
    pass(cx).await;
    (first, shaky(cx).catch().await.is_err())
}

#[query]
async fn nothing(cx: &QueryContext) {
    pass(cx).await;
}

/// Each tries for itself, and remembers until its own end what it has met, also when both have begun before anything failed.
#[tokio::test]
async fn questions_beside_each_other_have_nothing_in_common() {
    soon(async {
        let (rt, counts, gate) = gated();
        put(&rt, 0, 1).await;
        let asked = rt.query(|cx| async move {
            let opens = async {
                for _ in 0..3 {
                    gate.entered().await;
                }
                gate.open();
            };
            join!(
                then_forgiving(&cx),
                nothing(&cx),
                forgiving_twice(&cx),
                opens
            )
        });
        assert_eq!(asked.await, (true, (), (true, true), ()));
        assert_eq!(counts.of("shaky"), 2);
    })
    .await;
}

/// What one question has met, another one beside it tries for itself.
#[tokio::test]
async fn a_question_does_not_know_what_failed_for_another_one_that_goes_on() {
    #[query]
    async fn forgiving(cx: &QueryContext) -> i64 {
        let value = shaky(cx).catch().await.unwrap_or(7);
        pass(cx).await;
        value
    }
    soon(async {
        let (rt, counts, gate) = gated();
        put(&rt, 0, 1).await;
        let asked = rt.query(|cx| async move {
            let beside = async {
                gate.entered().await;
                let other = shaky(&cx).catch().await;
                gate.open();
                other.is_err()
            };
            join!(forgiving(&cx), beside)
        });
        assert_eq!(asked.await, (7, true));
        assert_eq!(counts.of("shaky"), 2);
    })
    .await;
}
