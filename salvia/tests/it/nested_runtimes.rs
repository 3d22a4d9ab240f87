//! Runtimes inside each other's bodies: each works in its own tokio, also where one polls the other in place.

use std::sync::Arc;
use std::time::Duration;

use salvia::{QueryContext, Runtime, query};

use crate::kit::{Slot, builder, soon};

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
