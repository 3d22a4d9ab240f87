//! The places that are awaited: bodies, closures, tasks, threads that may block.

use std::sync::Arc;

use salvia::{QueryContext, Runtime, query};
use tokio::runtime::Handle;

use super::matrix::{
    Call, Cradle, Dropped, Expected, Impossible, NOT_IN_A_BODY, NOT_TWICE, Scene, Works, every_call,
};
use crate::kit::{Slot, in_place};

/// Makes the call in its body: in place where it is asked, or in a task of its own.
#[query]
async fn body(own_task: bool, cx: &QueryContext) -> i64 {
    let value: i64 = Slot(3).get(cx).await;
    if own_task {
        tokio::task::yield_now().await;
    }
    cx.resource::<Cradle>().scene().make_the_call().await;
    value
}

/// A body reads through its context; the runtime's handle would read behind its back. What reads nothing works.
fn in_a_body(call: Call) -> Expected {
    if call.asks() { NOT_IN_A_BODY } else { Works }
}

/// The end of the runtime is the end of the body, in its task, at its next await.
fn in_a_task(call: Call) -> Expected {
    if call == Call::Shutdown {
        return Dropped;
    }
    Works
}

#[test]
fn a_body_may_not_ask_its_runtime_and_may_do_the_rest() {
    every_call(in_a_body, async |rt, _| {
        rt.query(|cx| async move { body(false, &cx).await }).await
    });
    let in_its_task = |call| match in_a_task(call) {
        Works => in_a_body(call),
        dropped => dropped,
    };
    every_call(in_its_task, async |rt, _| {
        rt.query(|cx| async move { body(true, &cx).await }).await
    });
}

#[test]
fn a_closure_of_a_query_may_do_everything() {
    every_call(
        |_| Works,
        async |rt, scene| {
            rt.query(|cx| async move {
                assert_eq!(super::doubled(&cx).await, 10);
                scene.make_the_call().await;
            })
            .await
        },
    );
}

#[test]
fn a_closure_of_a_snapshots_query_may_do_everything() {
    every_call(
        |_| Works,
        async |rt, scene| {
            let snapshot = rt.snapshot();
            snapshot
                .query(|cx| async move {
                    scene.make_the_call().await;
                    let _: i64 = Slot(1).get(&cx).await;
                })
                .await
        },
    );
}

fn in_a_mutation(call: Call) -> Expected {
    if call.writes() { NOT_TWICE } else { Works }
}

#[test]
fn a_closure_of_a_mutation_may_do_everything_but_mutate() {
    every_call(in_a_mutation, async |rt, scene| {
        rt.mutate(|cx| async move {
            Slot(3).set(1, &cx).await;
            scene.make_the_call().await;
        })
        .await
    });
    every_call(in_a_mutation, async |rt, scene| {
        let done = rt.try_mutate(|cx| async move {
            scene.make_the_call().await;
            Slot(3).set(1, &cx).await;
            Ok::<(), ()>(())
        });
        done.await.expect("it does not refuse")
    });
}

#[test]
fn a_closure_of_a_watch_may_do_everything() {
    every_call(
        |_| Works,
        async |rt, scene| {
            let mut watch = rt.watch(move |_cx| {
                let scene = scene.clone();
                async move { scene.make_the_call().await }
            });
            drop(rt);
            watch.next().await
        },
    );
}

/// Makes the call on a thread that may block, and waits for it.
async fn on_a_thread(scene: Scene) {
    let tokio = Handle::current();
    let thread = tokio::task::spawn_blocking(move || tokio.block_on(scene.make_the_call()));
    thread.await.expect("it does not panic");
}

#[test]
fn a_thread_that_may_block_may_do_everything() {
    every_call(|_| Works, async |_, scene| on_a_thread(scene).await);
    every_call(
        |_| Works,
        async |rt, scene| rt.query(|_cx| on_a_thread(scene)).await,
    );
}

/// Nobody sees that a thread or a task belongs to a mutation or to a body. A mutation there would wait for the end of the one
/// that waits for it; so would a query for the body that asks for it.
#[test]
fn a_thread_that_a_mutation_waits_for_may_do_everything_but_mutate() {
    let expected = |call: Call| if call.writes() { Impossible } else { Works };
    every_call(expected, async |rt, scene| {
        rt.mutate(|_cx| on_a_thread(scene)).await
    });
    every_call(expected, async |rt, scene| {
        rt.mutate(|_cx| async move {
            let task = tokio::spawn(async move { scene.make_the_call().await });
            task.await.expect("it does not panic");
        })
        .await
    });
}

/// Makes the call on a thread that its body waits for.
#[query]
async fn body_with_a_thread(cx: &QueryContext) -> i64 {
    on_a_thread(cx.resource::<Cradle>().scene().clone()).await;
    Slot(3).get(cx).await
}

/// What is read there is not seen, so it must be no part of the value; but it does not hang.
#[test]
fn a_thread_that_a_body_waits_for_may_do_everything() {
    every_call(
        |_| Works,
        async |rt, _| {
            let asked = rt.try_query(|cx| async move { body_with_a_thread(&cx).await });
            // The call may have ended the runtime, and the body with it.
            drop(asked.await);
        },
    );
}

/// Another runtime between the call and the one it is made on.
struct Between(Arc<Runtime>);

impl Between {
    fn new(scene: &Scene) -> Self {
        Between(
            in_place("what a call is inside of is known of one poll")
                .resource(scene.clone())
                .build(),
        )
    }

    async fn query(&self) {
        self.0
            .query(|cx| async move { cx.resource::<Scene>().make_the_call().await })
            .await
    }

    async fn body(&self, own_task: bool) -> bool {
        self.0
            .query(|cx| async move { between(own_task, &cx).await })
            .await
    }

    async fn mutate(&self, scene: Scene) {
        self.0
            .mutate(|_cx| async move { scene.make_the_call().await })
            .await
    }
}

/// A body of the runtime between.
#[query]
async fn between(own_task: bool, cx: &QueryContext) -> bool {
    if own_task {
        tokio::task::yield_now().await;
    }
    cx.resource::<Scene>().make_the_call().await;
    true
}

#[test]
fn another_runtime_may_do_everything_to_this_one() {
    every_call(
        |_| Works,
        async |_, scene| Between::new(&scene).query().await,
    );
    every_call(
        |_| Works,
        async |_, scene| Between::new(&scene).body(false).await,
    );
    every_call(
        |_| Works,
        async |_, scene| Between::new(&scene).mutate(scene).await,
    );
}

/// The call comes back to the runtime from another one's body.
#[query]
async fn body_around_another(own_task: bool, cx: &QueryContext) -> bool {
    Between::new(cx.resource::<Cradle>().scene())
        .body(own_task)
        .await
}

#[test]
fn a_call_that_comes_back_through_another_runtime_is_told_the_same() {
    every_call(in_a_body, async |rt, _| {
        rt.query(|cx| async move { body_around_another(false, &cx).await })
            .await
    });
    every_call(in_a_mutation, async |rt, scene| {
        rt.mutate(|_cx| async move { Between::new(&scene).body(false).await })
            .await
    });
    every_call(in_a_mutation, async |rt, scene| {
        rt.mutate(|_cx| async move { Between::new(&scene).mutate(scene).await })
            .await
    });
    every_call(
        |_| Works,
        async |rt, scene| {
            rt.query(|_cx| async move { Between::new(&scene).query().await })
                .await
        },
    );
}

/// In a task of the runtime between nobody sees where the call comes from. It works, but for a query that waits for the body it
/// is made in: that waits for ever.
#[test]
fn a_call_that_comes_back_from_another_runtimes_task_works() {
    every_call(in_a_task, async |rt, _| {
        let asked = rt.try_query(|cx| async move { body_around_another(true, &cx).await });
        // The call may have ended the runtime, and the body with it.
        drop(asked.await);
    });
}

/// Another tokio runtime, which is not dropped where it must not be.
struct Elsewhere(Option<tokio::runtime::Runtime>);

impl Elsewhere {
    fn new(threads: usize) -> Self {
        let builder = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(threads)
            .enable_all()
            .build();
        Elsewhere(Some(builder.expect("threads can be had")))
    }

    async fn make_the_call(&self, scene: Scene) {
        let tokio = self.0.as_ref().expect("it is dropped last");
        let task = tokio.spawn(async move { scene.make_the_call().await });
        task.await.expect("it does not panic");
    }
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        if let Some(tokio) = self.0.take() {
            tokio.shutdown_background();
        }
    }
}

#[test]
fn a_task_of_another_tokio_may_do_everything() {
    every_call(
        |_| Works,
        async |_, scene| Elsewhere::new(1).make_the_call(scene).await,
    );
    every_call(
        |_| Works,
        async |rt, scene| {
            rt.query(|_cx| async move { Elsewhere::new(1).make_the_call(scene).await })
                .await
        },
    );
}
