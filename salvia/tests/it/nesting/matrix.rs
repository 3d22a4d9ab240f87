//! The matrix: every call of a runtime's handle, from inside everything the engine calls. Each works, or ends with a message
//! that names what was wrong; none hangs.
//!
//! A place is entered with a [`Scene`], in which the call that was made leaves what came of it. Each cell has a tokio runtime
//! of its own, on one thread and on several.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::mpsc;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::Duration;

use futures::FutureExt;
use salvia::{QueryErrorKind, Runtime, Watch};

use super::traits::Wire;
use super::{ask, doubled};
use crate::kit::{Slot, in_place, panic_text, put, soon};

/// What is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Call {
    Query,
    TryQuery,
    Mutate,
    TryMutate,
    MutatePinned,
    SnapshotQuery,
    Watch,
    Shutdown,
}

pub(super) const CALLS: [Call; 8] = [
    Call::Query,
    Call::TryQuery,
    Call::Mutate,
    Call::TryMutate,
    Call::MutatePinned,
    Call::SnapshotQuery,
    Call::Watch,
    Call::Shutdown,
];

impl Call {
    pub(super) fn asks(self) -> bool {
        matches!(self, Call::Query | Call::TryQuery | Call::SnapshotQuery)
    }

    pub(super) fn writes(self) -> bool {
        matches!(self, Call::Mutate | Call::TryMutate | Call::MutatePinned)
    }
}

/// What is to come of a call in a place.
#[derive(Debug, Clone, Copy)]
pub(super) enum Expected {
    /// It does what it does anywhere.
    Works,
    /// It panics, with this in the message.
    Says(&'static str),
    /// It ends the task it is made in, and is dropped with that.
    Dropped,
    /// It waits for itself where nobody can see that it does, as the documentation says.
    Impossible,
}

pub(super) use Expected::{Dropped, Impossible, Says, Works};

/// What a query's body is told when it goes behind its context's back.
pub(super) const NOT_IN_A_BODY: Expected = Says("a query's body asked the runtime");

/// What a mutation inside a mutation is told.
pub(super) const NOT_TWICE: Expected = Says("`mutate` was called inside `mutate`");

/// The runtime of a cell, and what came of the call that was made there.
#[derive(Clone)]
pub(super) struct Scene {
    pub(super) rt: Weak<Runtime>,
    pub(super) call: Call,
    left: Arc<Mutex<Left>>,
}

#[derive(Default)]
struct Left {
    outcome: Option<Result<i64, String>>,
    watch: Option<Watch<i64>>,
}

/// Where a body finds its scene.
#[derive(Default)]
pub(super) struct Cradle(OnceLock<Scene>);

impl Cradle {
    pub(super) fn scene(&self) -> &Scene {
        self.0.get().expect("it was put there")
    }
}

impl Scene {
    /// A runtime with a scene for its bodies; slot 1 is five.
    async fn set(call: Call) -> (Arc<Runtime>, Scene) {
        let rt = in_place("what a call is inside of is known of one poll")
            .resource(Cradle::default())
            .resource(Wire::default())
            .build();
        let scene = Scene {
            rt: Arc::downgrade(&rt),
            call,
            left: Arc::default(),
        };
        let cradle = rt.query(|cx| async move { cx.resource::<Cradle>() }).await;
        assert!(cradle.0.set(scene.clone()).is_ok());
        put(&rt, 1, 5).await;
        (rt, scene)
    }

    pub(super) fn runtime(&self) -> Arc<Runtime> {
        self.rt.upgrade().expect("the cell holds it")
    }

    fn left(&self) -> MutexGuard<'_, Left> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes the call, and leaves what came of it. A panic goes on.
    pub(super) async fn make_the_call(&self) {
        let outcome = caught(self.made()).await;
        self.left().outcome = Some(outcome.clone());
        if let Err(text) = outcome {
            std::panic::resume_unwind(Box::new(text));
        }
    }

    async fn made(&self) -> i64 {
        let rt = self.runtime();
        let before = rt.revision();
        let write = async |cx: &salvia::InputContext| {
            let read: i64 = Slot(1).get(cx).await;
            Slot(2).set(read + 2, cx).await;
            read + 2
        };
        match self.call {
            Call::Query => ask(&rt).await,
            Call::TryQuery => {
                let asked = rt.try_query(|cx| async move { doubled(&cx).await });
                asked.await.unwrap_or_else(|error| panic!("{error}"))
            }
            Call::Mutate => rt.mutate(|cx| async move { write(&cx).await }).await,
            Call::TryMutate => {
                let tried = rt.try_mutate(|cx| async move { Ok::<_, ()>(write(&cx).await) });
                tried.await.expect("it does not refuse")
            }
            Call::MutatePinned => {
                let pinned = rt.mutate_pinned(|cx| async move { write(&cx).await });
                let (value, snapshot) = pinned.await;
                assert!(snapshot.revision() > before);
                value
            }
            Call::SnapshotQuery => {
                let snapshot = rt.snapshot();
                snapshot.query(|cx| async move { doubled(&cx).await }).await
            }
            Call::Watch => {
                let watch = rt.watch(|cx| async move { doubled(&cx).await });
                self.left().watch = Some(watch);
                0
            }
            Call::Shutdown => {
                rt.shutdown().await;
                0
            }
        }
    }

    /// What came of the call is what was expected, and the runtime is as good as before.
    async fn check(&self, expected: Expected, around: Option<String>) {
        match expected {
            Works => assert_eq!(self.outcome(&around).await, Ok(self.value())),
            Says(text) => {
                let told = self.outcome(&around).await;
                let told = told.expect_err("it is to be refused");
                assert!(told.contains(text), "{told:?}");
            }
            Dropped => {}
            Impossible => unreachable!("it is not called"),
        }
        self.is_understood(around);
        let rt = self.runtime();
        if self.call == Call::Shutdown {
            return has_ended(&rt).await;
        }
        let watch = self.left().watch.take();
        let written = rt.query(|cx| async move { Slot(2).get(&cx).await }).await;
        let writes = self.call.writes() && matches!(expected, Works);
        assert_eq!(written, if writes { 7 } else { 0 });
        put(&rt, 1, 6).await;
        assert_eq!(ask(&rt).await, 12);
        if let Some(mut watch) = watch {
            assert_eq!(watch.next().await, Some(12));
        }
    }

    /// What came of the call. A thread that nobody waits for any more may still be at it.
    async fn outcome(&self, around: &Option<String>) -> Result<i64, String> {
        loop {
            let outcome = self.left().outcome.take();
            match outcome {
                Some(outcome) => return outcome,
                None => assert_eq!(*around, None, "the call was not made"),
            }
            tokio::task::yield_now().await;
        }
    }

    fn value(&self) -> i64 {
        match self.call {
            call if call.asks() => 10,
            call if call.writes() => 7,
            _ => 0,
        }
    }

    /// What the place ended with, if it panicked, is something a user can understand.
    fn is_understood(&self, around: Option<String>) {
        let Some(text) = around else { return };
        let known = [
            "a query's body asked the runtime",
            "`mutate` was called inside `mutate`",
            "a runtime that has ended",
            "the runtime has ended",
        ];
        assert!(known.iter().any(|known| text.contains(known)), "{text:?}");
    }
}

/// Whoever comes is refused.
async fn has_ended(rt: &Arc<Runtime>) {
    let refused = rt.try_query(|cx| async move { doubled(&cx).await }).await;
    let error = refused.expect_err("it has ended");
    assert!(matches!(error.kind(), QueryErrorKind::Shutdown), "{error}");
    let told = panic_text(put(rt, 1, 6)).await;
    assert!(told.contains("has ended"), "{told:?}");
}

/// The value of a future, or the text of its panic.
pub(super) async fn caught<F: Future>(future: F) -> Result<F::Output, String> {
    match AssertUnwindSafe(future).catch_unwind().await {
        Ok(value) => Ok(value),
        Err(payload) => Err(panic_text(async { std::panic::resume_unwind(payload) }).await),
    }
}

/// How many threads a cell's tokio runtime has.
const THREADS: [usize; 2] = [1, 2];

fn tokio(threads: usize) -> tokio::runtime::Runtime {
    let mut builder = if threads == 1 {
        tokio::runtime::Builder::new_current_thread()
    } else {
        tokio::runtime::Builder::new_multi_thread()
    };
    builder.worker_threads(threads).enable_all();
    builder.build().expect("threads can be had")
}

/// Makes every call in a place, and checks what comes of each.
pub(super) fn every_call<T, F>(expected: impl Fn(Call) -> Expected, enter: F)
where
    F: AsyncFn(Arc<Runtime>, Scene) -> T + Copy + Send + 'static,
{
    let mut wrong = Vec::new();
    for (threads, call) in THREADS.iter().flat_map(|&n| CALLS.map(|call| (n, call))) {
        let expected = expected(call);
        if matches!(expected, Impossible) {
            continue;
        }
        let done = cell(threads, async move || {
            let (rt, scene) = Scene::set(call).await;
            let around = caught(enter(rt.clone(), scene.clone())).await;
            scene.check(expected, around.err()).await;
        });
        if let Err(text) = done {
            wrong.push(format!("{call:?} in a tokio of {threads} threads: {text}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// One cell in a thread of its own: a thread that is blocked sees no timer fire, so it is watched from outside too.
fn cell<Fut: Future<Output = ()>>(
    threads: usize,
    inside: impl FnOnce() -> Fut + Send + 'static,
) -> Result<(), String> {
    let (done, wait) = mpsc::channel();
    std::thread::spawn(move || {
        let tokio = tokio(threads);
        let ended = tokio.block_on(caught(soon(inside())));
        // The test may have given up waiting.
        let _ = done.send(ended);
    });
    let waited = wait.recv_timeout(Duration::from_secs(4));
    waited.unwrap_or_else(|_| Err("a thread is blocked".to_owned()))
}
