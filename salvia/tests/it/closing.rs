//! `Runtime::shutdown`: what it refuses, whom it tells, and that it waits for what it ends.

use salvia::{QueryContext, QueryErrorKind, Runtime, query};

use crate::kit::{Live, Slot, Tracked, builder, gated, pass, put, runtime, soon};

#[query]
async fn number(key: Tracked, cx: &QueryContext) -> i64 {
    Slot(1).get(cx).await + key.0 as i64
}

/// `shutdown`: what comes later is refused with an error that says so.
#[tokio::test]
async fn after_a_shutdown_queries_are_refused() {
    soon(async {
        let live = Live::default();
        let rt = runtime();
        put(&rt, 1, 7).await;
        let key = Tracked::new(1, &live);
        assert_eq!(
            rt.query(|cx| async move { number(key, &cx).await }).await,
            8
        );
        rt.shutdown().await;
        let key = Tracked::new(1_000, &live);
        let error = rt
            .try_query(|cx| async move { number(key, &cx).await })
            .await
            .expect_err("it is shut down");
        assert!(
            matches!(error.kind(), QueryErrorKind::Shutdown),
            "{error:?}"
        );
        // Twice is as good as once.
        rt.shutdown().await;
        drop(rt);
        live.settles_at(0).await;
    })
    .await;
}

/// `shutdown`: who is waiting is told at once, and what ran is dropped.
#[tokio::test]
async fn a_shutdown_tells_who_is_waiting() {
    #[query]
    async fn stuck(key: Tracked, cx: &QueryContext) -> u64 {
        pass(cx).await;
        key.0
    }
    #[query]
    async fn above(key: Tracked, cx: &QueryContext) -> u64 {
        stuck(key, cx).await
    }
    soon(async {
        let live = Live::default();
        let (rt, _, gate) = gated();
        let waiting: Vec<_> = (0..10)
            .map(|n| {
                let (rt, key) = (rt.clone(), Tracked::new(n % 3, &live));
                tokio::spawn(async move {
                    rt.try_query(|cx| async move { above(key, &cx).await })
                        .await
                })
            })
            .collect();
        for _ in 0..3 {
            gate.entered().await;
        }
        rt.shutdown().await;
        for waiting in waiting {
            let error = waiting
                .await
                .expect("it is told")
                .expect_err("it was shut down");
            assert!(
                matches!(error.kind(), QueryErrorKind::Shutdown),
                "{error:?}"
            );
        }
        drop(rt);
        live.settles_at(0).await;
    })
    .await;
}

/// `shutdown` called by a body ends that body and does not wait for it to end itself.
#[tokio::test]
async fn a_shutdown_from_within_a_body_does_not_hang() {
    type Cradle = std::sync::Mutex<Option<std::sync::Arc<Runtime>>>;

    #[query]
    async fn ends_it(cx: &QueryContext) -> bool {
        tokio::task::yield_now().await;
        let cradle = cx.resource::<Cradle>();
        let rt = cradle.lock().expect("nobody panicked").take();
        rt.expect("it was put there").shutdown().await;
        true
    }
    soon(async {
        let rt = builder().resource(Cradle::default()).build();
        let inner = rt.clone();
        rt.query(|cx| async move {
            let cradle = cx.resource::<Cradle>();
            *cradle.lock().expect("nobody panicked") = Some(inner);
        })
        .await;
        let outcome = rt.try_query(|cx| async move { ends_it(&cx).await }).await;
        let shut = |error: &salvia::QueryError| matches!(error.kind(), QueryErrorKind::Shutdown);
        assert!(outcome.is_ok() || outcome.is_err_and(|error| shut(&error)));
        let after = rt.try_query(|cx| async move { ends_it(&cx).await }).await;
        assert!(after.is_err_and(|error| shut(&error)));
    })
    .await;
}
