//! A failure belongs to the request that met it, also when an update outlives that request.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use salvia::{QueryContext, query};

use crate::kit::{builder, soon};

#[derive(Default)]
struct Runs(AtomicU32);

#[query]
async fn fails_once(cx: &QueryContext) -> u32 {
    let runs = cx.resource::<Runs>();
    assert!(runs.0.fetch_add(1, Ordering::Relaxed) > 0, "once");
    1
}

#[query]
async fn slow(cx: &QueryContext) -> u32 {
    tokio::time::sleep(Duration::from_millis(50)).await;
    fails_once(cx).await
}

#[query]
async fn top(cx: &QueryContext) -> u32 {
    let (slow, other) = futures::join!(slow(cx), fails_once(cx));
    slow + other
}

/// `slow` is still there, given up and lingering, when it is asked for again.
#[tokio::test(start_paused = true)]
async fn a_request_that_joins_a_lingering_update_tries_for_itself() {
    soon(async {
        let rt = builder().resource(Runs::default()).build();
        assert!(rt.try_query(async |cx| top(&cx).await).await.is_err());
        let again = rt.try_query(async |cx| slow(&cx).await).await;
        assert_eq!(again.expect("it fails once only"), 1);
    })
    .await;
}
