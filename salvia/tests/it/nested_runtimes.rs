//! Runtimes inside each other's bodies: each works in its own tokio, also where one polls the other in place.

use std::sync::{Arc, OnceLock, Weak};
use std::time::Duration;

use salvia::{QueryContext, Runtime, query};

use crate::kit::{Slot, builder, in_place, soon};

/// The runtime that the bodies of the other one ask.
struct Other(Arc<Runtime>);

/// The name of a thread of the tokio runtime that is current here.
async fn spawned_on() -> String {
    let name = tokio::spawn(async { std::thread::current().name().map(str::to_owned) });
    name.await.expect("it runs").unwrap_or_default()
}

/// Needs timers, which not every tokio runtime has.
#[query]
async fn inner(n: u32, cx: &QueryContext) -> String {
    let ready = async { Slot(n).get(cx).await };
    let value: i64 = tokio::time::timeout(Duration::from_secs(60), ready)
        .await
        .expect("it is ready");
    format!("{value} on {}", spawned_on().await)
}

#[query]
async fn outer(n: u32, cx: &QueryContext) -> Vec<String> {
    let other = cx.resource::<Other>().0.clone();
    let inner = other.query(|cx| async move { inner(n, &cx).await }).await;
    vec![inner, spawned_on().await]
}

/// The runtime that the bodies of another one ask in turn.
#[derive(Default)]
struct First(OnceLock<Weak<Runtime>>);

/// Asks the runtime that asks, which would answer behind the back of the first body.
#[query]
async fn back(cx: &QueryContext) -> i64 {
    let first = cx.resource::<First>().0.get().and_then(Weak::upgrade);
    let first = first.expect("it is asking");
    first.query(async |cx| Slot(1).get(&cx).await).await
}

#[query]
async fn forth(cx: &QueryContext) -> i64 {
    let other = cx.resource::<Other>().0.clone();
    other.query(async |cx| back(&cx).await).await
}

#[query]
async fn forth_and_read(cx: &QueryContext) -> i64 {
    let other = cx.resource::<Other>().0.clone();
    let read = other.query(async |_| Slot(1).get(cx).await);
    read.await + other.query(async |cx| Slot(1).get(&cx).await).await
}

async fn two_runtimes() -> Arc<Runtime> {
    let second = in_place("what a call comes out of is known of one poll")
        .resource(First::default())
        .build();
    let first = in_place("the same").resource(Other(second.clone())).build();
    let place = second
        .query(|cx| async move { cx.resource::<First>() })
        .await;
    assert!(place.0.set(Arc::downgrade(&first)).is_ok());
    first
}

/// The advice for a body that asks its own runtime would not help here: the context at hand is that of another one.
#[tokio::test]
async fn a_body_that_is_asked_back_through_another_runtime_is_told_where_to_ask() {
    let rt = two_runtimes().await;
    let failed = soon(rt.try_query(async |cx| forth(&cx).await)).await;
    let text = failed.expect_err("it is refused").to_string();
    assert!(text.contains("query `forth()`"), "{text}");
    assert!(text.contains("by way of another runtime"), "{text}");
}

/// What another runtime has is read through it, and what this one has through the context.
#[tokio::test]
async fn a_body_may_ask_another_runtime_and_take_its_own_context_there() {
    let rt = two_runtimes().await;
    let read = soon(rt.try_query(async |cx| forth_and_read(&cx).await)).await;
    assert_eq!(read.ok(), Some(0));
}

fn tokio_named(name: &str, timers: bool) -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(1).thread_name(name);
    if timers {
        builder.enable_time();
    }
    builder.build().expect("threads can be had")
}

/// A body that asks another runtime: what runs there runs in that one's tokio, with its timers, and the body in its own.
#[test]
fn a_runtime_asked_in_a_body_works_in_its_own_tokio() {
    let (here, there) = (tokio_named("here", false), tokio_named("there", true));
    let rt = builder()
        .resource(Other(builder().tokio(there.handle().clone()).build()))
        .tokio(here.handle().clone())
        .build();
    for n in 0..3 {
        let asked = rt.try_query(|cx| async move { outer(n, &cx).await });
        let names = there.block_on(soon(asked)).expect("nothing fails");
        assert_eq!(names, ["0 on there", "here"]);
    }
}
