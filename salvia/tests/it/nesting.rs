//! Queries and mutations inside each other: each works or says why not; none hangs.
//!
//! The scenes that need telling are here; every call from every place is next door.

mod matrix;
mod places;
mod traits;

use std::sync::Arc;

use salvia::{QueryContext, QueryErrorKind, Runtime, query};

use crate::kit::{Counts, Gate, Slot, builder, panic_text, put, ran, runtime, soon};

#[query]
async fn doubled(cx: &QueryContext) -> i64 {
    2 * Slot(1).get(cx).await
}

async fn ask(rt: &Arc<Runtime>) -> i64 {
    rt.query(|cx| async move { doubled(&cx).await }).await
}

#[tokio::test]
async fn a_query_inside_a_mutation_sees_the_last_commit() {
    soon(async {
        let rt = runtime();
        put(&rt, 1, 5).await;
        let inner = rt.clone();
        rt.mutate(|cx| async move {
            Slot(1).set(50, &cx).await;
            assert_eq!(
                ask(&inner).await,
                10,
                "what is not committed is nobody's but the mutation's"
            );
            assert_eq!(Slot(1).get(&cx).await, 50);
        })
        .await;
        assert_eq!(ask(&rt).await, 100);
    })
    .await;
}

#[tokio::test]
async fn a_mutation_inside_a_query_works_and_the_query_keeps_its_snapshot() {
    soon(async {
        let rt = runtime();
        put(&rt, 1, 5).await;
        let inner = rt.clone();
        rt.query(|cx| async move {
            assert_eq!(doubled(&cx).await, 10);
            let before = cx.revision();
            put(&inner, 1, 6).await;
            assert_eq!((doubled(&cx).await, Slot(1).get(&cx).await), (10, 5));
            assert_eq!(cx.revision(), before);
            assert!(inner.revision() > before);
            assert_eq!(ask(&inner).await, 12, "a query of its own sees the commit");
        })
        .await;
        assert_eq!(ask(&rt).await, 12);
    })
    .await;
}

#[tokio::test]
async fn a_mutation_inside_a_mutation_panics_and_says_so() {
    soon(async {
        let rt = runtime();
        let inner = rt.clone();
        let nested = rt.mutate(|cx| async move {
            Slot(2).set(1, &cx).await;
            put(&inner, 1, 6).await;
        });
        let text = panic_text(nested).await.to_lowercase();
        assert!(text.contains("mutat"), "{text:?}");
        // The outer one panicked, so nothing happened; and the turn is free again.
        assert_eq!(ask(&rt).await, 0);
        put(&rt, 1, 7).await;
        assert_eq!(ask(&rt).await, 14);
    })
    .await;
}

/// The other ways to nest one are no loophole.
#[tokio::test]
async fn no_kind_of_mutation_nests() {
    soon(async {
        let rt = runtime();
        let inner = rt.clone();
        let nested = rt
            .mutate(|_cx| async move { inner.try_mutate(|_cx| async { Ok::<(), ()>(()) }).await });
        assert!(!panic_text(nested).await.is_empty());
        let inner = rt.clone();
        let nested =
            rt.mutate_pinned(|_cx| async move { inner.mutate_pinned(|_cx| async {}).await });
        assert!(!panic_text(nested).await.is_empty());
        // Through an open query it is still the same task.
        let inner = rt.clone();
        let nested = rt.mutate(|_cx| async move {
            let again = inner.clone();
            inner
                .query(|_cx| async move { put(&again, 1, 1).await })
                .await;
        });
        assert!(!panic_text(nested).await.is_empty());
        put(&rt, 1, 7).await;
        assert_eq!(ask(&rt).await, 14);
    })
    .await;
}

/// Another runtime has a writers' turn of its own.
#[tokio::test]
async fn a_mutation_of_another_runtime_nests() {
    soon(async {
        let (outer, inner) = (runtime(), runtime());
        outer
            .mutate(|cx| {
                let inner = inner.clone();
                async move {
                    Slot(1).set(1, &cx).await;
                    put(&inner, 1, 2).await;
                }
            })
            .await;
        assert_eq!((ask(&outer).await, ask(&inner).await), (2, 4));
    })
    .await;
}

/// A mutation spawned by another and not awaited by it has its turn afterwards.
#[tokio::test]
async fn a_mutation_spawned_by_a_mutation_comes_after_it() {
    soon(async {
        let rt = runtime();
        let inner = rt.clone();
        #[expect(
            clippy::async_yields_async,
            reason = "the task is to outlive the closure that began it"
        )]
        let spawned = rt.mutate(|cx| async move {
            let spawned = tokio::spawn(async move { put(&inner, 1, 2).await });
            tokio::task::yield_now().await;
            Slot(1).set(1, &cx).await;
            spawned
        });
        spawned.await.await.expect("its turn comes");
        assert_eq!(ask(&rt).await, 4);
    })
    .await;
}

/// A query inside a query, at the root, is a snapshot of its own.
#[tokio::test]
async fn a_query_inside_a_query_works() {
    soon(async {
        let rt = runtime();
        put(&rt, 1, 5).await;
        let inner = rt.clone();
        let sum = rt.query(|cx| async move { doubled(&cx).await + ask(&inner).await });
        assert_eq!(sum.await, 20);
    })
    .await;
}

/// A body that goes to the runtime behind its context's back gets an answer or an error, never a wait for ever.
#[tokio::test]
async fn a_body_that_asks_the_runtime_for_itself_does_not_hang() {
    #[derive(Clone)]
    struct Handle(std::sync::Weak<Runtime>);

    #[query]
    async fn selfish(cx: &QueryContext) -> i64 {
        ran(cx, "selfish");
        let rt = cx.resource::<std::sync::Mutex<Handle>>();
        let rt = rt
            .lock()
            .expect("nobody panicked")
            .0
            .upgrade()
            .expect("it is running");
        rt.query(|cx| async move { selfish(&cx).await }).await
    }
    soon(async {
        let handle = Handle(std::sync::Weak::new());
        let slot = std::sync::Mutex::new(handle);
        let rt = builder().resource(Counts::default()).resource(slot).build();
        rt.query(|cx| {
            let weak = Arc::downgrade(&rt);
            async move {
                *cx.resource::<std::sync::Mutex<Handle>>()
                    .lock()
                    .expect("nobody panicked") = Handle(weak)
            }
        })
        .await;
        let error = rt
            .try_query(|cx| async move { selfish(&cx).await })
            .await
            .expect_err("it asks for itself");
        assert!(error.to_string().contains("selfish()"), "{error}");
        assert!(
            matches!(
                error.kind(),
                QueryErrorKind::Cycle { .. } | QueryErrorKind::Panicked { .. }
            ),
            "{error}"
        );
    })
    .await;
}

/// A mutation parked in its closure holds up writers, and only writers.
#[tokio::test]
async fn a_parked_mutation_does_not_hold_up_readers() {
    soon(async {
        let rt = runtime();
        let gate = Gate::default();
        let parked = rt.mutate(|cx| {
            let gate = gate.clone();
            async move {
                Slot(1).set(5, &cx).await;
                gate.pass().await;
            }
        });
        tokio::join!(parked, async {
            gate.entered().await;
            assert_eq!(ask(&rt).await, 0);
            gate.open();
        });
        assert_eq!(ask(&rt).await, 10);
    })
    .await;
}
