//! Tasks that hold a root's context: a failure there ends the task, and leaks nothing.

use std::sync::Arc;

use salvia::{QueryContext, Runtime, query};
use tokio::join;
use tokio::task::JoinHandle;

use crate::kit::{Gate, Live, boom, builder, pass, soon};

#[query]
async fn bad(cx: &QueryContext) -> i64 {
    pass(cx).await;
    boom("bad luck");
    0
}

#[query]
async fn above(cx: &QueryContext) -> i64 {
    bad(cx).await + 1
}

/// A runtime with a token that lives as long as it does.
fn runtime() -> (Arc<Runtime>, Gate, Live) {
    let (gate, live) = (Gate::default(), Live::default());
    let rt = builder()
        .resource(gate.clone())
        .resource(live.token())
        .build();
    (rt, gate, live)
}

/// The task ends with a panic that names the query, and then nothing of the runtime is left.
async fn ends(task: JoinHandle<i64>, rt: Arc<Runtime>, live: &Live) {
    let error = task.await.expect_err("it has no value");
    let payload = error.into_panic();
    let text = payload.downcast_ref::<String>().expect("it is told why");
    assert!(
        text.contains("bad()") && text.contains("bad luck"),
        "{text:?}"
    );
    drop(rt);
    live.settles_at(0).await;
}

/// While the closure runs it gets the error, and the task is ended once the closure has gone.
#[tokio::test]
async fn a_failure_in_a_task_ends_the_closure_and_the_task() {
    soon(async {
        let (rt, gate, live) = runtime();
        let mut task = None;
        let outcome = rt.try_query(async |cx| {
            task = Some(tokio::spawn(async move { above(&cx).await }));
            std::future::pending::<()>().await;
        });
        let (outcome, ()) = join!(outcome, async {
            gate.entered().await;
            gate.open();
        });
        assert_eq!(outcome.expect_err("it fails").query(), "bad()");
        ends(task.expect("it was spawned"), rt, &live).await;
    })
    .await;
}

/// A task that waits for the query when the closure ends with a value is told of the failure all the same.
#[tokio::test]
async fn a_failure_after_the_closure_has_ended_ends_the_task() {
    soon(async {
        let (rt, gate, live) = runtime();
        let mut task = None;
        let outcome = rt.try_query(async |cx| {
            task = Some(tokio::spawn(async move { above(&cx).await }));
            gate.entered().await;
            5
        });
        assert_eq!(outcome.await.ok(), Some(5));
        gate.open();
        ends(task.expect("it was spawned"), rt, &live).await;
    })
    .await;
}

/// And one that asks only then.
#[tokio::test]
async fn a_failure_asked_for_after_the_closure_has_ended_ends_the_task() {
    soon(async {
        let (rt, gate, live) = runtime();
        gate.open();
        let later = Gate::default();
        let mut task = None;
        let outcome = rt.try_query(async |cx| {
            let door = later.clone();
            task = Some(tokio::spawn(async move {
                door.pass().await;
                above(&cx).await
            }));
            later.entered().await;
            5
        });
        assert_eq!(outcome.await.ok(), Some(5));
        later.open();
        ends(task.expect("it was spawned"), rt, &live).await;
    })
    .await;
}
