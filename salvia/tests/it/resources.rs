//! Resources: what bodies use of the world around them, one of a type, not tracked.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use salvia::{QueryContext, QueryErrorKind, Runtime, query};

use crate::kit::{Live, Slot, Token, builder, panic_text, put, runtime, soon};

#[derive(Debug)]
struct Rate(AtomicI64);

#[derive(Debug)]
struct Missing;

#[query]
async fn converted(cx: &QueryContext) -> i64 {
    let rate = cx.resource::<Rate>().0.load(Ordering::SeqCst);
    rate * Slot(1).get(cx).await
}

async fn ask(rt: &Arc<Runtime>) -> i64 {
    rt.query(|cx| async move { converted(&cx).await }).await
}

/// Bodies and the closures of `rt.query` see the same resource, one of each type.
#[tokio::test]
async fn a_resource_is_the_same_everywhere() {
    #[query]
    async fn address(cx: &QueryContext) -> usize {
        Arc::as_ptr(&cx.resource::<Rate>()) as usize
    }
    soon(async {
        let rt = builder()
            .resource(Rate(AtomicI64::new(3)))
            .resource(String::from("name"))
            .build();
        rt.query(|cx| async move {
            let here = cx.resource::<Rate>();
            assert_eq!(Arc::as_ptr(&here) as usize, address(&cx).await);
            assert!(Arc::ptr_eq(
                &here,
                &cx.try_resource::<Rate>().expect("it was given")
            ));
            assert_eq!(*cx.resource::<String>(), "name");
        })
        .await;
        assert_eq!(
            rt.snapshot()
                .query(|cx| async move { cx.resource::<String>().len() })
                .await,
            4
        );
    })
    .await;
}

/// A resource is not tracked: what it says when a body asks is what the value remembers.
#[tokio::test]
async fn a_resource_is_not_tracked() {
    soon(async {
        let rt = builder().resource(Rate(AtomicI64::new(3))).build();
        put(&rt, 1, 2).await;
        assert_eq!(ask(&rt).await, 6);
        rt.query(|cx| async move { cx.resource::<Rate>().0.store(5, Ordering::SeqCst) })
            .await;
        assert_eq!(ask(&rt).await, 6);
        put(&rt, 1, 4).await;
        assert_eq!(ask(&rt).await, 20);
    })
    .await;
}

/// `try_resource` says whether there is one; `Runtime::new` has none.
#[tokio::test]
async fn an_absent_resource_can_be_asked_for() {
    soon(async {
        let with = builder().resource(Rate(AtomicI64::new(3))).build();
        assert!(
            with.query(|cx| async move { cx.try_resource::<Missing>() })
                .await
                .is_none()
        );
        let without = runtime();
        assert!(
            without
                .query(|cx| async move { cx.try_resource::<Rate>() })
                .await
                .is_none()
        );
    })
    .await;
}

/// `resource` panics with the type's name: at the root, and in a body as the failure of that body.
#[tokio::test]
async fn a_resource_that_is_not_there_is_named() {
    #[query]
    async fn needs_it(cx: &QueryContext) -> bool {
        cx.resource::<Missing>();
        true
    }
    soon(async {
        let rt = runtime();
        let text = panic_text(rt.query(|cx| async move { cx.resource::<Missing>() })).await;
        assert!(text.contains("Missing"), "{text:?}");
        let error = rt
            .try_query(|cx| async move { needs_it(&cx).await })
            .await
            .expect_err("it is not there");
        assert!(
            matches!(error.kind(), QueryErrorKind::Panicked { .. }),
            "{error:?}"
        );
        assert!(error.to_string().contains("needs_it()"), "{error}");
    })
    .await;
}

/// Two runtimes have resources of their own.
#[tokio::test]
async fn resources_are_of_one_runtime() {
    soon(async {
        let one = builder().resource(Rate(AtomicI64::new(1))).build();
        let two = builder().resource(Rate(AtomicI64::new(2))).build();
        for rt in [&one, &two] {
            put(rt, 1, 10).await;
        }
        assert_eq!((ask(&one).await, ask(&two).await), (10, 20));
    })
    .await;
}

/// A resource lives as long as its runtime, or as whoever took it.
#[tokio::test]
async fn a_resource_is_dropped_with_its_runtime() {
    soon(async {
        let live = Live::default();
        let rt = builder().resource(live.token()).build();
        let taken = rt.query(|cx| async move { cx.resource::<Token>() }).await;
        drop(rt);
        tokio::task::yield_now().await;
        assert_eq!(live.count(), 1);
        drop(taken);
        live.settles_at(0).await;
    })
    .await;
}
