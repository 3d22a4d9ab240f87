//! The end: the last handle frees everything, what holds the runtime keeps it usable, and nobody waits for one that is gone.

use std::sync::{Arc, Mutex};

use salvia::{Input, InputAccess, QueryContext, QueryErrorKind, Runtime, query};

use crate::kit::{Gate, Live, Slot, Tracked, builder, gated, pass, put, runtime, soon, within};

#[derive(Debug, Clone, PartialEq, Eq, Hash, InputAccess)]
struct Host(Tracked);

impl Input<Option<Tracked>> for Host {
    fn initial(&self) -> Option<Tracked> {
        None
    }
}

#[query]
async fn value(key: Tracked, cx: &QueryContext) -> Tracked {
    let set: Option<Tracked> = Host(key.clone()).get(cx).await;
    if key.0.is_multiple_of(3) {
        // Some nodes have had a task of their own.
        tokio::task::yield_now().await;
    }
    set.unwrap_or(key)
}

#[query]
async fn sum(keys: Vec<Tracked>, cx: &QueryContext) -> u64 {
    let mut sum = 0;
    for key in keys {
        sum += value(key, cx).await.0;
    }
    sum
}

/// Fills a runtime with keys, values and inputs, over several revisions.
async fn fill(rt: &Arc<Runtime>, live: &Live) {
    for round in 0..3 {
        for n in 0..10 {
            let (host, value) = (Host(Tracked::new(n, live)), Tracked::new(n + round, live));
            rt.mutate(|cx| async move { host.set(Some(value), &cx).await })
                .await;
        }
        let keys: Vec<_> = (0..20).map(|n| Tracked::new(n, live)).collect();
        assert_eq!(
            rt.query(|cx| async move { sum(keys, &cx).await }).await,
            190 + 10 * round
        );
    }
    assert!(live.count() > 0);
}

#[tokio::test]
async fn dropping_the_last_handle_frees_every_key_and_value() {
    soon(async {
        let live = Live::default();
        let rt = runtime();
        let other = rt.clone();
        fill(&rt, &live).await;
        drop(rt);
        assert!(live.count() > 0, "another handle is there");
        drop(other);
        live.settles_at(0).await;
    })
    .await;
}

/// On threads that go on with something else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dropping_the_last_handle_frees_everything_on_many_threads() {
    soon(async {
        let live = Live::default();
        let rt = runtime();
        fill(&rt, &live).await;
        drop(rt);
        live.settles_at(0).await;
    })
    .await;
}

/// What is being computed ends with the runtime, its caller gone.
#[tokio::test]
async fn dropping_the_last_handle_ends_what_is_running() {
    #[query]
    async fn stuck(key: Tracked, cx: &QueryContext) -> u64 {
        let held = key.clone();
        pass(cx).await;
        held.0 + value(key, cx).await.0
    }
    soon(async {
        let live = Live::default();
        let (rt, _, gate) = gated();
        let key = Tracked::new(1, &live);
        let caller =
            tokio::spawn(async move { rt.query(|cx| async move { stuck(key, &cx).await }).await });
        gate.entered().await;
        caller.abort();
        assert!(caller.await.expect_err("it was aborted").is_cancelled());
        live.settles_at(0).await;
    })
    .await;
}

#[tokio::test]
async fn a_kept_context_keeps_the_runtime_usable() {
    soon(async {
        let live = Live::default();
        let rt = runtime();
        fill(&rt, &live).await;
        let cx = rt.query(|cx| async move { cx }).await;
        drop(rt);
        tokio::task::yield_now().await;
        assert_eq!(value(Tracked::new(5, &live), &cx).await.0, 7);
        assert_eq!(value(Tracked::new(55, &live), &cx).await.0, 55);
        drop(cx);
        live.settles_at(0).await;
    })
    .await;
}

/// A snapshot does as well.
#[tokio::test]
async fn a_kept_snapshot_keeps_the_runtime_usable() {
    soon(async {
        let live = Live::default();
        let rt = runtime();
        fill(&rt, &live).await;
        let snapshot = rt.snapshot();
        drop(rt);
        let key = Tracked::new(5, &live);
        assert_eq!(
            snapshot
                .query(|cx| async move { value(key, &cx).await.0 })
                .await,
            7
        );
        drop(snapshot);
        live.settles_at(0).await;
    })
    .await;
}

/// A query that is open when the last handle goes finishes: its context is a handle.
#[tokio::test]
async fn an_open_query_finishes_after_the_last_handle_is_gone() {
    #[query]
    async fn waits(cx: &QueryContext) -> i64 {
        pass(cx).await;
        Slot(1).get(cx).await + 1
    }
    soon(async {
        let (rt, _, gate) = gated();
        put(&rt, 1, 5).await;
        let open =
            tokio::spawn(async move { rt.query(|cx| async move { waits(&cx).await }).await });
        gate.entered().await;
        gate.open();
        assert_eq!(open.await.expect("it has its answer"), 6);
    })
    .await;
}

/// A body may hold the last handle and drop it.
#[tokio::test]
async fn the_last_handle_may_be_dropped_inside_a_query() {
    type Cradle = Mutex<Option<Arc<Runtime>>>;

    #[query]
    async fn lets_go(key: Tracked, cx: &QueryContext) -> u64 {
        let handle = cx
            .resource::<Cradle>()
            .lock()
            .expect("nobody panicked")
            .take();
        drop(handle);
        tokio::task::yield_now().await;
        value(key, cx).await.0
    }
    soon(async {
        let live = Live::default();
        let rt = builder().resource(Cradle::default()).build();
        let key = Tracked::new(4, &live);
        let inner = rt.clone();
        let cx = rt.query(|cx| async move { cx }).await;
        *cx.resource::<Cradle>().lock().expect("nobody panicked") = Some(inner);
        drop(rt);
        assert_eq!(lets_go(key, &cx).await, 4);
        drop(cx);
        live.settles_at(0).await;
    })
    .await;
}

/// Dropped where there is no tokio, by a thread of its own or after its tokio is gone.
#[test]
fn the_last_handle_may_be_dropped_outside_of_tokio() {
    let live = Live::default();
    let tokio = tokio::runtime::Runtime::new().expect("threads can be had");
    let rt = builder().tokio(tokio.handle().clone()).build();
    tokio.block_on(soon(fill(&rt, &live)));
    std::thread::spawn(move || drop(rt))
        .join()
        .expect("dropping does not panic");
    tokio.block_on(live.settles_at(0));

    let rt = builder().tokio(tokio.handle().clone()).build();
    tokio.block_on(soon(fill(&rt, &live)));
    drop(tokio);
    drop(rt);
    assert_eq!(live.count(), 0);
}

/// A tokio runtime that ends under its salvia runtime: who asks is told, and does not wait or spin.
#[test]
fn a_query_after_the_end_of_its_tokio_is_refused() {
    #[query]
    async fn waits(n: u64, _cx: &QueryContext) -> u64 {
        for _ in 0..3 {
            tokio::task::yield_now().await;
        }
        n
    }
    let first = tokio::runtime::Runtime::new().expect("threads can be had");
    let rt = builder().tokio(first.handle().clone()).build();
    assert_eq!(
        first.block_on(soon(rt.query(|cx| async move { waits(1, &cx).await }))),
        1
    );
    drop(first);

    let second = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a thread is there");
    let error = second
        .block_on(soon(rt.try_query(|cx| async move { waits(2, &cx).await })))
        .expect_err("it cannot run");
    assert!(
        matches!(error.kind(), QueryErrorKind::Shutdown),
        "{error:?}"
    );
}

/// A tokio runtime that ends while a query waits: the query is dropped with it, and the rest can be dropped after.
#[test]
fn a_tokio_runtime_may_end_while_a_query_waits() {
    let live = Live::default();
    let gate = Gate::default();
    let tokio = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a thread is there");
    let rt = {
        let _context = tokio.enter();
        builder().resource(gate.clone()).build()
    };
    #[query]
    async fn stuck(key: Tracked, cx: &QueryContext) -> u64 {
        pass(cx).await;
        key.0
    }
    tokio.block_on(within(2, async {
        let (rt, key) = (rt.clone(), Tracked::new(1, &live));
        tokio::spawn(async move { rt.query(|cx| async move { stuck(key, &cx).await }).await });
        gate.entered().await;
    }));
    drop(tokio);
    drop(rt);
    assert_eq!(live.count(), 0);
}
