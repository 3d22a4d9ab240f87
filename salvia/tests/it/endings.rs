//! Every way to end a runtime, from everywhere: its tasks are gone within a second, who waits is told, and no key and no value
//! is left.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use salvia::{QueryContext, QueryErrorKind, Runtime, query};
use tokio::runtime::Handle;

use crate::kit::{Gate, Live, Slot, Tracked, pass, put, soon};

/// Where a body finds its runtime.
type Cradle = Mutex<Option<Arc<Runtime>>>;

/// A value of its key, which expires; a timer waits for that.
#[query]
async fn value(key: Tracked, cx: &QueryContext) -> Tracked {
    cx.expires_in(Duration::from_secs(1_000));
    let read: i64 = Slot(1).get(cx).await;
    Tracked::new(key.0 + read.unsigned_abs(), &cx.resource::<Live>())
}

/// Holds a key and a value at a gate that nobody opens.
#[query(detached)]
async fn stuck(key: Tracked, cx: &QueryContext) -> Tracked {
    let value = value(key.clone(), cx).await;
    pass(cx).await;
    value
}

/// Ends its own runtime.
#[query]
async fn ends_it(cx: &QueryContext) -> i64 {
    tokio::task::yield_now().await;
    let rt = cx
        .resource::<Cradle>()
        .lock()
        .expect("nobody panicked")
        .take();
    rt.expect("it was put there").shutdown().await;
    0
}

struct Scene {
    /// `None` once it was dropped.
    rt: Option<Arc<Runtime>>,
    live: Live,
    gate: Gate,
    /// How many tasks tokio had before.
    tasks: usize,
}

fn tasks() -> usize {
    Handle::current().metrics().num_alive_tasks()
}

impl Scene {
    /// A runtime with keys, values, timers, and tasks that would wait for ever.
    async fn set() -> Scene {
        let tasks = tasks();
        let (live, gate) = (Live::default(), Gate::default());
        let rt = Runtime::builder()
            .resource(live.clone())
            .resource(gate.clone())
            .resource(Cradle::default())
            .build();
        for round in 0..3 {
            put(&rt, 1, round).await;
            let keys: Vec<_> = (0..10).map(|n| Tracked::new(n, &live)).collect();
            rt.query(|cx| async move {
                for key in keys {
                    value(key, &cx).await;
                }
            })
            .await;
        }
        for n in 0..3 {
            let key = Tracked::new(n, &live);
            let rt = rt.clone();
            let caller =
                tokio::spawn(
                    async move { rt.query(|cx| async move { stuck(key, &cx).await.0 }).await },
                );
            gate.entered().await;
            caller.abort();
            assert!(caller.await.is_err());
        }
        assert!(live.count() > 0 && self::tasks() > tasks);
        let rt = Some(rt);
        Scene {
            rt,
            live,
            gate,
            tasks,
        }
    }

    fn runtime(&self) -> Arc<Runtime> {
        self.rt.clone().expect("it was not dropped yet")
    }

    /// Asks for what never comes.
    fn waiters(&self) -> Vec<tokio::task::JoinHandle<bool>> {
        let waiter = |n| {
            let (rt, key) = (self.runtime(), Tracked::new(n, &self.live));
            tokio::spawn(async move {
                let asked = rt.try_query(|cx| async move { stuck(key, &cx).await.0 });
                let error = asked.await.expect_err("it never comes");
                matches!(error.kind(), QueryErrorKind::Shutdown)
            })
        };
        (0..6).map(waiter).collect()
    }

    /// Everything of the runtime is gone, tasks first.
    async fn clears(self) {
        let Scene {
            rt,
            live,
            gate,
            tasks,
        } = self;
        drop((rt, gate));
        let end = Instant::now() + Duration::from_secs(1);
        while self::tasks() > tasks {
            assert!(
                Instant::now() < end,
                "{} tasks, {tasks} before",
                self::tasks()
            );
            tokio::task::yield_now().await;
        }
        live.settles_at(0).await;
    }
}

/// Each way in a tokio of one thread and in one of several.
macro_rules! on_one_thread_and_on_several {
    ($name:ident, $several:ident, $way:path) => {
        #[tokio::test]
        async fn $name() {
            soon($way()).await;
        }

        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $several() {
            soon($way()).await;
        }
    };
}

async fn dropped() {
    Scene::set().await.clears().await;
}

on_one_thread_and_on_several!(
    a_runtime_dropped_in_a_task_leaves_nothing,
    a_runtime_dropped_in_a_task_leaves_nothing_on_several_threads,
    dropped
);

async fn dropped_by_a_thread() {
    let mut scene = Scene::set().await;
    let rt = scene.rt.take();
    let thread = std::thread::spawn(move || drop(rt));
    thread.join().expect("it does not panic");
    scene.clears().await;
}

on_one_thread_and_on_several!(
    a_runtime_dropped_where_there_is_no_tokio_leaves_nothing,
    a_runtime_dropped_where_there_is_no_tokio_leaves_nothing_on_several_threads,
    dropped_by_a_thread
);

/// The context is a handle, too: what ends it is the end of the query.
async fn dropped_in_a_query() {
    let mut scene = Scene::set().await;
    let rt = scene.rt.take().expect("it was not dropped yet");
    let weak = Arc::downgrade(&rt);
    let inner = rt.clone();
    let asked = rt.query(|cx| async move {
        drop(inner);
        tokio::task::yield_now().await;
        Slot(1).get(&cx).await
    });
    assert_eq!(asked.await, 2);
    drop(rt);
    assert!(weak.upgrade().is_none());
    scene.clears().await;
}

on_one_thread_and_on_several!(
    a_runtime_dropped_in_a_query_leaves_nothing,
    a_runtime_dropped_in_a_query_leaves_nothing_on_several_threads,
    dropped_in_a_query
);

/// Who waits is told, and after the end there is nothing left but the handle.
async fn is_told(scene: Scene, end: impl AsyncFnOnce(Arc<Runtime>)) {
    let waiters = scene.waiters();
    for _ in 0..3 {
        scene.gate.entered().await;
    }
    tokio::task::yield_now().await;
    end(scene.runtime()).await;
    for waiter in waiters {
        assert!(waiter.await.expect("it does not panic"), "it is told why");
    }
    scene.clears().await;
}

async fn shut_down() {
    is_told(Scene::set().await, async |rt| rt.shutdown().await).await;
}

on_one_thread_and_on_several!(
    a_runtime_shut_down_in_a_task_leaves_nothing,
    a_runtime_shut_down_in_a_task_leaves_nothing_on_several_threads,
    shut_down
);

async fn shut_down_by_a_thread() {
    let end = async |rt: Arc<Runtime>| {
        let ending = move || futures::executor::block_on(rt.shutdown());
        let ended = tokio::task::spawn_blocking(ending).await;
        ended.expect("it does not panic");
    };
    is_told(Scene::set().await, end).await;
}

on_one_thread_and_on_several!(
    a_runtime_shut_down_by_a_thread_leaves_nothing,
    a_runtime_shut_down_by_a_thread_leaves_nothing_on_several_threads,
    shut_down_by_a_thread
);

async fn shut_down_in_a_query() {
    let end = async |rt: Arc<Runtime>| {
        let inner = rt.clone();
        rt.query(|_cx| async move { inner.shutdown().await }).await;
    };
    is_told(Scene::set().await, end).await;
}

on_one_thread_and_on_several!(
    a_runtime_shut_down_in_a_query_leaves_nothing,
    a_runtime_shut_down_in_a_query_leaves_nothing_on_several_threads,
    shut_down_in_a_query
);

async fn shut_down_in_a_body() {
    let end = async |rt: Arc<Runtime>| {
        let inner = rt.clone();
        rt.query(|cx| async move {
            let cradle = cx.resource::<Cradle>();
            *cradle.lock().expect("nobody panicked") = Some(inner);
        })
        .await;
        let asked = rt.try_query(|cx| async move { ends_it(&cx).await });
        let error = asked.await.expect_err("it ends with its runtime");
        assert!(matches!(error.kind(), QueryErrorKind::Shutdown), "{error}");
    };
    is_told(Scene::set().await, end).await;
}

on_one_thread_and_on_several!(
    a_runtime_shut_down_in_a_body_leaves_nothing,
    a_runtime_shut_down_in_a_body_leaves_nothing_on_several_threads,
    shut_down_in_a_body
);
