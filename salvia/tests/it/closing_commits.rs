//! Mutations and the end of what they run in: from its first write on a commit gets to its own end, and who is late is told.

use std::future::Future;
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Waker};
use std::time::Duration;

use salvia::scope::CallId;
use salvia::{Input, InputAccess, QueryContext, QueryErrorKind, Runtime, query};
use tokio::sync::oneshot;

use crate::kit::{Slot, builder, panic_text, put, runtime, soon};

/// More than a commit tells before it lets other tasks run, several times over.
const READERS: u32 = 20_000;

#[query]
async fn reader(n: u32, cx: &QueryContext) -> i64 {
    Slot(0).get(cx).await + i64::from(n)
}

/// Makes every reader read slot 0, so that a commit to it is a long one.
async fn read_by_many(rt: &Arc<Runtime>) {
    rt.query(|cx| async move {
        for n in 0..READERS {
            reader(n, &cx).await;
        }
    })
    .await;
}

fn is_pending(future: std::pin::Pin<&mut impl Future>) -> bool {
    future
        .poll(&mut Context::from_waker(Waker::noop()))
        .is_pending()
}

/// Who made the mutation is told that it is in force, and it is.
#[tokio::test]
async fn a_shutdown_in_a_long_commit_lets_it_finish() {
    soon(async {
        let rt = runtime();
        read_by_many(&rt).await;
        let before = rt.revision();
        let mut mutation =
            Box::pin(rt.mutate_pinned(|cx| async move { Slot(0).set(5, &cx).await }));
        assert!(is_pending(mutation.as_mut()), "it has only begun");
        assert_eq!(rt.revision(), before);
        rt.shutdown().await;
        let ((), snapshot) = mutation.await;
        assert!(snapshot.revision() > before);
        assert_eq!(snapshot.revision(), rt.revision());
    })
    .await;
}

/// A commit without its mutation goes on in a task, and the end of the runtime waits for that.
#[tokio::test]
async fn a_shutdown_waits_for_a_long_commit_whose_mutation_was_dropped() {
    soon(async {
        let rt = runtime();
        read_by_many(&rt).await;
        let before = rt.revision();
        let mut mutation = Box::pin(rt.mutate(|cx| async move { Slot(0).set(5, &cx).await }));
        assert!(is_pending(mutation.as_mut()), "it has only begun");
        drop(mutation);
        rt.shutdown().await;
        assert!(rt.revision() > before);
    })
    .await;
}

/// After the end there is nothing to be had and nothing to be changed, and whoever tries is told.
#[tokio::test]
async fn after_a_shutdown_everybody_is_refused() {
    soon(async {
        let rt = runtime();
        put(&rt, 0, 1).await;
        let (before, snapshot) = (rt.revision(), rt.snapshot());
        rt.shutdown().await;
        let texts = [
            panic_text(put(&rt, 0, 2)).await,
            panic_text(rt.try_mutate(|_cx| async { Ok::<(), ()>(()) })).await,
            panic_text(rt.mutate_pinned(|_cx| async {})).await,
            panic_text(rt.query(|cx| async move { reader(0, &cx).await })).await,
            panic_text(snapshot.query(|cx| async move { reader(0, &cx).await })).await,
        ];
        for text in texts {
            assert!(text.contains("has ended"), "{text:?}");
        }
        let asked = rt.try_query(|cx| async move { reader(0, &cx).await });
        let error = asked.await.expect_err("it has ended");
        let refused = matches!(error.kind(), QueryErrorKind::Shutdown);
        assert!(refused, "{error}");
        assert_eq!(rt.revision(), before);
    })
    .await;
}

/// What a mutation has not written it reads as it was, to the end; one that waited meanwhile is told.
#[tokio::test]
async fn a_shutdown_leaves_a_running_mutation_what_it_reads() {
    soon(async {
        let rt = runtime();
        put(&rt, 0, 7).await;
        let (go_on, told) = oneshot::channel();
        let mut running = Box::pin(rt.mutate(|cx| async move {
            told.await.expect("it is told");
            Slot(0).get(&cx).await
        }));
        assert!(is_pending(running.as_mut()), "it waits");
        let mut queued = Box::pin(put(&rt, 0, 8));
        assert!(is_pending(queued.as_mut()), "it has to wait");
        rt.shutdown().await;
        go_on.send(()).expect("it waits");
        assert_eq!(running.await, 7);
        assert!(panic_text(queued).await.contains("has ended"));
    })
    .await;
}

/// Clicks on a row, which lose their state with the row.
#[derive(Debug, Clone, PartialEq, Eq, Hash, InputAccess)]
struct Clicks(CallId);

impl Input<u64> for Clicks {
    fn initial(&self) -> u64 {
        0
    }
}

/// As many rows as slot 0 says.
#[query]
async fn rows(cx: &QueryContext) -> Vec<CallId> {
    let count: i64 = Slot(0).get(cx).await;
    let mut rows = Vec::new();
    for number in 0..count {
        rows.push(cx.memo_in_slot(&number, number, row).await);
    }
    rows
}

async fn row(_number: i64, cx: &QueryContext) -> CallId {
    let id = CallId::current();
    let _: u64 = Clicks(id.clone()).get(cx).await;
    id
}

/// Not even what was put off until somebody has the turn is done then.
#[tokio::test]
async fn a_refused_mutation_changes_nothing() {
    soon(async {
        let rt = runtime();
        put(&rt, 0, 1).await;
        let id = rt.query(async |cx| rows(&cx).await).await.remove(0);
        rt.mutate(async |cx| Clicks(id).set(5, &cx).await).await;
        put(&rt, 0, 0).await;
        let mut parked = Box::pin(rt.mutate(|_cx| std::future::pending::<()>()));
        assert!(is_pending(parked.as_mut()), "it waits");
        assert!(rt.query(async |cx| rows(&cx).await).await.is_empty());
        let mut queued = Box::pin(put(&rt, 0, 8));
        assert!(is_pending(queued.as_mut()), "it has to wait");
        let _reads = rt.snapshot();
        rt.shutdown().await;
        let before = rt.revision();
        drop(parked);
        assert!(panic_text(queued).await.contains("has ended"));
        assert_eq!(rt.revision(), before);
    })
    .await;
}

/// A value that goes with the runtime may ask it for something, and is told.
#[test]
fn drop_of_a_value_at_a_shutdown_may_mutate() {
    struct Late(Arc<Runtime>, mpsc::Sender<bool>);
    impl Drop for Late {
        fn drop(&mut self) {
            let set = futures::executor::block_on(panic_text(put(&self.0, 0, 5)));
            let _ = self.1.send(set.contains("has ended"));
        }
    }
    #[query(shared, no_eq)]
    async fn late(cx: &QueryContext) -> Option<Late> {
        let told = cx.resource::<Arc<Mutex<Option<Late>>>>();
        told.lock().expect("nobody panics here").take()
    }
    let (told, hears) = mpsc::channel();
    std::thread::spawn(move || {
        let tokio = tokio::runtime::Builder::new_current_thread().build();
        tokio.expect("a thread is there").block_on(async {
            let place = Arc::new(Mutex::new(None));
            let rt = builder().resource(place.clone()).build();
            *place.lock().expect("nobody panics here") = Some(Late(rt.clone(), told));
            rt.query(async |cx| drop(late(&cx).await)).await;
            rt.shutdown().await;
        });
    });
    let is_told = hears.recv_timeout(Duration::from_secs(20));
    assert_eq!(is_told, Ok(true), "the shutdown waits for ever");
}

/// It does not wait for one that never ends.
#[tokio::test]
async fn a_mutation_after_a_shutdown_is_refused_at_once() {
    soon(async {
        let rt = runtime();
        let mut parked = Box::pin(rt.mutate(|_cx| std::future::pending::<()>()));
        assert!(is_pending(parked.as_mut()), "it waits");
        rt.shutdown().await;
        assert!(panic_text(put(&rt, 0, 8)).await.contains("has ended"));
    })
    .await;
}

/// A commit needs nobody to drive the tokio runtime: it goes on where its mutation is polled.
#[test]
fn a_long_commit_ends_on_a_tokio_that_nobody_drives() {
    let tokio = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a thread is there");
    let rt = builder().tokio(tokio.handle().clone()).build();
    tokio.block_on(read_by_many(&rt));
    let (ended, wait) = mpsc::channel();
    std::thread::spawn({
        let rt = rt.clone();
        move || {
            futures::executor::block_on(put(&rt, 0, 5));
            // The test may have given up waiting.
            let _ = ended.send(());
        }
    });
    wait.recv_timeout(Duration::from_secs(10))
        .expect("nobody is needed for it");
    let read = rt.query(|cx| async move { reader(READERS - 1, &cx).await });
    assert_eq!(tokio.block_on(soon(read)), i64::from(READERS) + 4);
}
