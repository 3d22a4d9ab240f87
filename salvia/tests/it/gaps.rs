//! Gaps: a value that is right before and after a change, and not in between, is told from one that was right all along.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Waker};

use salvia::{QueryContext, Runtime, query};

use crate::kit::{Gate, Slot, builder, pass, put, soon};

/// Whether `slow` is.
struct Slow(AtomicBool);

#[query]
async fn exact(cx: &QueryContext) -> i64 {
    Slot(0).get(cx).await
}

/// The same for small numbers.
#[query]
async fn rough(cx: &QueryContext) -> i64 {
    Slot(2).get(cx).await / 10
}

#[query]
async fn slow(cx: &QueryContext) -> i64 {
    let value = Slot(1).get(cx).await / 10;
    if cx.resource::<Slow>().0.load(Ordering::SeqCst) {
        pass(cx).await;
    }
    value
}

#[query]
async fn sum(cx: &QueryContext) -> i64 {
    exact(cx).await + rough(cx).await + slow(cx).await
}

#[query]
async fn one(cx: &QueryContext) -> i64 {
    sum(cx).await * 100
}

#[query]
async fn other(cx: &QueryContext) -> i64 {
    sum(cx).await * 100
}

fn ask(rt: &Arc<Runtime>, first: bool) -> impl Future<Output = i64> + Send + 'static {
    let rt = rt.clone();
    async move {
        rt.query(|cx| async move {
            if first {
                one(&cx).await
            } else {
                other(&cx).await
            }
        })
        .await
    }
}

/// Two validations of one memo at two revisions: one settles after the other, and neither stretches the old value over the
/// revision between, in which it was another.
#[tokio::test]
async fn an_overtaken_validation_does_not_stretch_its_result_over_a_gap() {
    soon(async {
        let gate = Gate::default();
        let rt = builder()
            .resource(gate.clone())
            .resource(Slow(AtomicBool::new(false)))
            .build();
        put(&rt, 0, 1).await;
        assert_eq!((ask(&rt, true).await, ask(&rt, false).await), (100, 100));
        rt.mutate(|cx| async move {
            Slot(0).set(2, &cx).await;
            Slot(1).set(1, &cx).await;
        })
        .await;
        let between = rt.snapshot();
        put(&rt, 0, 1).await;
        rt.query(|cx| async move { cx.resource::<Slow>().0.store(true, Ordering::SeqCst) })
            .await;

        let mut cx = Context::from_waker(Waker::noop());
        let mut older = Box::pin(ask(&rt, true));
        assert!(older.as_mut().poll(&mut cx).is_pending());
        gate.entered().await;
        put(&rt, 2, 1).await;
        let mut newer = Box::pin(ask(&rt, false));
        assert!(newer.as_mut().poll(&mut cx).is_pending());
        gate.open();
        assert_eq!((older.await, newer.await), (100, 100));

        let seen = between.query(|cx| async move { (other(&cx).await, one(&cx).await) });
        assert_eq!(seen.await, (200, 200));
    })
    .await;
}
