//! Depth costs no stack: a chain of a hundred thousand bound queries on the two megabytes of a test's thread.

use std::sync::Arc;

use salvia::{QueryContext, Runtime, query};

use crate::kit::{Slot, counted, put, ran, within};

const DEPTH: u32 = 100_000;

/// Calls that nest at once, each on the one below.
#[query]
async fn chain(n: u32, cx: &QueryContext) -> i64 {
    ran(cx, "chain");
    match n {
        // Small changes are none.
        0 => Slot(1).get(cx).await / 10,
        n => chain(n - 1, cx).await + 1,
    }
}

async fn ask(rt: &Arc<Runtime>) -> i64 {
    rt.query(|cx| async move { chain(DEPTH, &cx).await }).await
}

async fn all_the_way() {
    let (rt, counts) = counted();
    let depth = i64::from(DEPTH);
    let all = DEPTH as usize + 1;
    assert_eq!((ask(&rt).await, counts.take().len()), (depth, all));

    // Told that something changed below, checked down to where it did not.
    put(&rt, 1, 9).await;
    assert_eq!((ask(&rt).await, counts.take().len()), (depth, 1));

    // Changed all the way up.
    put(&rt, 1, 10).await;
    assert_eq!((ask(&rt).await, counts.take().len()), (depth + 1, all));

    // Computed for an older revision, beside what is there.
    let old = rt.snapshot();
    put(&rt, 1, 20).await;
    assert_eq!(ask(&rt).await, depth + 2);
    let seen = old.query(|cx| async move { chain(DEPTH, &cx).await });
    assert_eq!(seen.await, depth + 1);
    drop(old);
    drop(rt);
}

/// One thread: cold, checked, changed, of an old revision, dropped.
#[tokio::test]
async fn a_deep_chain_needs_no_stack() {
    within(60, all_the_way()).await;
}

/// The same on the threads of a pool.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deep_chain_needs_no_stack_on_many_threads() {
    let task = tokio::spawn(within(60, all_the_way()));
    task.await.expect("its assertions hold");
}

/// A failure at the bottom travels all the way up, past every body.
#[tokio::test]
async fn a_failure_travels_up_a_deep_chain() {
    #[query]
    async fn fragile(n: u32, cx: &QueryContext) -> i64 {
        if n == 0 {
            let value: i64 = Slot(1).get(cx).await;
            assert!(value > 0, "the bottom gives way");
            return value;
        }
        fragile(n - 1, cx).await
    }
    within(60, async {
        let rt = Runtime::new().await;
        let ask = |cx: QueryContext| async move { fragile(DEPTH / 10, &cx).await };
        let error = rt.try_query(ask).await.expect_err("slot 1 is zero");
        assert_eq!(error.query(), "fragile(0)");
        put(&rt, 1, 3).await;
        assert_eq!(rt.try_query(ask).await.ok(), Some(3));
    })
    .await;
}

/// SAL-48: a cycle of ten thousand is found as well.
#[tokio::test]
async fn a_long_cycle_is_found() {
    #[query]
    async fn ring(n: u32, cx: &QueryContext) -> i64 {
        ring((n + 1) % (DEPTH / 10), cx).await
    }
    within(60, async {
        let rt = Runtime::new().await;
        let error = rt.try_query(|cx| async move { ring(0, &cx).await }).await;
        let error = error.expect_err("it never ends");
        assert!(matches!(error.kind(), salvia::QueryErrorKind::Cycle { .. }));
        put(&rt, 1, 1).await;
    })
    .await;
}
