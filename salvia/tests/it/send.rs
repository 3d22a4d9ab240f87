//! What may cross threads: every public type and every public future whose parts may.

use std::sync::Arc;

use salvia::{
    InputContext, Query, QueryContext, QueryError, QueryErrorKind, Revision, Runtime, Snapshot,
    query,
};

use crate::kit::{Slot, put, runtime, soon};

fn send<T: Send>(_: &T) {}

fn send_sync<T: Send + Sync>() {}

/// Every public type may be sent and shared.
#[test]
fn the_public_types_are_send_and_sync() {
    send_sync::<Runtime>();
    send_sync::<Arc<Runtime>>();
    send_sync::<Snapshot>();
    send_sync::<QueryContext>();
    send_sync::<InputContext>();
    send_sync::<Revision>();
    send_sync::<QueryError>();
    send_sync::<QueryErrorKind>();
}

/// What the contract says of each type beyond that.
#[test]
fn the_public_types_have_their_traits() {
    fn snapshot<T: Clone>() {}
    fn revision<T: Copy + Ord + std::hash::Hash + std::fmt::Debug + std::fmt::Display>() {}
    fn error<T: Clone + std::error::Error + std::fmt::Display + 'static>() {}
    fn future<T: Future<Output = String> + Send + Unpin>() {}
    /// Neither `Clone` nor anything else.
    struct Bare;
    snapshot::<Snapshot>();
    revision::<Revision>();
    error::<QueryError>();
    future::<Query<'static, (u8, String), String>>();
    fn unpin<T: Unpin>() {}
    unpin::<Query<'static, Bare, Bare>>();
}

#[query]
async fn named(n: u32, cx: &QueryContext) -> i64 {
    Slot(n).get(cx).await
}

/// A query gives the future of that name, which a program may write down, keep and hand on.
#[tokio::test]
async fn a_query_gives_a_named_future() {
    struct Pending<'cx, A>(Vec<Query<'cx, A, i64>>);

    fn start(cx: &QueryContext) -> Vec<impl Future<Output = i64> + Send + Unpin> {
        let pending = Pending((0..3).map(|n| named(n, cx)).collect());
        pending.0
    }
    soon(async {
        let rt = runtime();
        put(&rt, 2, 5).await;
        let pending = rt.query(|cx| async move { futures::future::join_all(start(&cx)).await });
        assert_eq!(pending.await, [0, 0, 5]);
    })
    .await;
}

/// The futures of the runtime may be sent when those of the closures may.
#[tokio::test]
async fn the_public_futures_are_send() {
    let rt = runtime();
    send(&Runtime::new());
    send(&rt.query(|cx| async move { named(1, &cx).await }));
    send(&rt.query(async |cx| named(1, &cx).await));
    send(&rt.try_query(|cx| async move { named(1, &cx).await }));
    send(&rt.mutate(|cx| async move { Slot(1).set(1, &cx).await }));
    send(&rt.try_mutate(|cx| async move {
        cx.update(Slot(1), |value: &mut i64| *value += 1).await;
        cx.unset::<i64>(Slot(1)).await;
        Ok::<(), ()>(())
    }));
    send(&rt.mutate_pinned(|cx| async move { Slot(1).get(&cx).await }));
    send(&rt.shutdown());
    let snapshot = rt.snapshot();
    send(&snapshot.query(|cx| async move { named(1, &cx).await }));
    soon(rt.query(|cx| async move {
        send(&named(1, &cx));
        send(&named(1, &cx).catch());
        send(&Slot(1).get::<i64>(&cx));
    }))
    .await;
    soon(rt.mutate(|cx| async move {
        send(&Slot(1).get::<i64>(&cx));
        send(&Slot(1).set(1i64, &cx));
        send(&cx.update(Slot(1), |value: &mut i64| *value += 1));
        send(&cx.unset::<i64>(Slot(1)));
    }))
    .await;
}

/// So all of them run in spawned tasks, on whatever thread.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_runs_in_spawned_tasks() {
    soon(async {
        let rt = runtime();
        let task = tokio::spawn({
            let rt = rt.clone();
            async move {
                let ((), snapshot) = rt
                    .mutate_pinned(|cx| async move { Slot(1).set(3, &cx).await })
                    .await;
                tokio::spawn(async move {
                    snapshot
                        .query(|cx| async move { named(1, &cx).await })
                        .await
                })
                .await
            }
        });
        assert_eq!(task.await.expect("it ran").expect("it ran"), 3);
    })
    .await;
}

/// What is long in a mutation and seldom wanted is in boxes: it would stand in whatever future awaits one.
#[test]
fn the_future_of_a_mutation_is_small() {
    let tokio = tokio::runtime::Builder::new_current_thread().build();
    let rt = Runtime::with_tokio(&tokio.expect("there can be one"));
    let mutation = rt.mutate(async |_| ());
    assert!(size_of_val(&mutation) <= 256, "{}", size_of_val(&mutation));
}
