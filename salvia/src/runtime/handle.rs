//! The runtime as its users hold it.
//!
//! The handle and what it gave out (contexts, snapshots) keep the engine working; storage
//! tasks do not. With the last of them the work ends.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use crate::error::QueryError;
use crate::revision::Revision;
use crate::runtime::collect::{Collect, Collected};
use crate::runtime::engine::EngineArc;
use crate::runtime::frame::{Driven, Frame};
use crate::runtime::mutate::mutate;
use crate::runtime::pin::Pinned;
use crate::runtime::poll::{Mark, Outermost};
use crate::runtime::{Builder, InputContext, QueryContext, Snapshot, Watch};
use crate::sync::{Arc, Thin, cooperative};

/// An incremental world: inputs, the remembered values of queries, and the way to both.
///
/// Any number of readers and one writer at a time work on it at once, and never wait for each
/// other: a reader sees the revision that was current when it began. Two runtimes have nothing
/// in common.
///
/// ```
/// use salvia::{query, Input, InputAccess, QueryContext, Runtime};
///
/// #[derive(Clone, PartialEq, Eq, Hash, InputAccess)]
/// struct Price(&'static str);
///
/// impl Input<u32> for Price {
///     fn initial(&self) -> u32 {
///         0
///     }
/// }
///
/// #[query]
/// async fn total(cx: &QueryContext) -> u32 {
///     Price("tea").get(cx).await + Price("cake").get(cx).await
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let rt = Runtime::new().await;
/// rt.mutate(async |cx| {
///     Price("tea").set(3, &cx).await;
///     Price("cake").set(5, &cx).await;
/// })
/// .await;
/// assert_eq!(rt.query(async |cx| total(&cx).await).await, 8);
/// # }
/// ```
pub struct Runtime {
    engine: EngineArc,
}

impl Runtime {
    pub(crate) fn over(engine: EngineArc) -> Arc<Self> {
        Arc::new(Runtime { engine })
    }

    pub(crate) fn engine(&self) -> &EngineArc {
        &self.engine
    }

    /// A runtime that works in the tokio runtime this is awaited in.
    ///
    /// # Panics
    ///
    /// Outside of tokio, with a message.
    ///
    /// # Cancel safety
    ///
    /// Ready at its first poll.
    pub async fn new() -> Arc<Runtime> {
        Runtime::builder().build()
    }

    /// A runtime that works in the given tokio runtime; for synchronous callers.
    pub fn with_tokio(tokio: &tokio::runtime::Runtime) -> Arc<Runtime> {
        Runtime::builder().tokio(tokio.handle().clone()).build()
    }

    /// A runtime with resources or settings of its own.
    ///
    /// ```
    /// # use salvia::Runtime;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let rt = Runtime::builder().resource(String::from("a client")).build();
    /// let found = rt.query(async |cx| cx.resource::<String>()).await;
    /// assert_eq!(*found, "a client");
    /// # }
    /// ```
    pub fn builder() -> Builder {
        Builder::new()
    }

    /// The newest revision.
    pub fn revision(&self) -> Revision {
        self.engine.clock.revision()
    }

    /// Pins the newest revision.
    pub fn snapshot(self: &Arc<Self>) -> Snapshot {
        Snapshot::new(self.clone(), self.engine.clock.pin())
    }

    /// Runs queries, all at the revision that is the newest now.
    ///
    /// # Panics
    ///
    /// If a query fails: with the payload or the text of its panic, or with the error. Use
    /// [`try_query`](Self::try_query) to handle it. When called in the body of a query, which has
    /// a context of its own.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future disturbs nobody; what is computed by then may be kept.
    pub async fn query<F, Fut>(self: &Arc<Self>, f: F) -> Fut::Output
    where
        F: FnOnce(QueryContext) -> Fut,
        Fut: Future,
    {
        self.try_query(f)
            .await
            .unwrap_or_else(|error| error.resume())
    }

    /// Like [`query`](Self::query), and gives a query's failure as an error.
    ///
    /// # Errors
    ///
    /// If a query that the closure awaits fails. The closure's future is dropped at that await.
    ///
    /// # Cancel safety
    ///
    /// As for `query`.
    pub async fn try_query<F, Fut>(self: &Arc<Self>, f: F) -> Result<Fut::Output, QueryError>
    where
        F: FnOnce(QueryContext) -> Fut,
        Fut: Future,
    {
        root(self.clone(), self.engine.clock.pin(), f).await
    }

    /// Changes inputs: all the closure's writes come into force together, when it has ended.
    ///
    /// Mutations run one at a time, in the order in which they were first polled. They do not
    /// wait for readers. Writes that change nothing make no revision.
    ///
    /// # Panics
    ///
    /// When called in a mutation of the same runtime, on the same task. (In a task that the outer
    /// mutation spawned and awaits, it waits for ever.) After [`shutdown`](Self::shutdown). A
    /// panic of the closure goes on, and nothing has changed.
    ///
    /// # Cancel safety
    ///
    /// All or nothing: dropped before the closure has ended, nothing changes.
    pub async fn mutate<F, Fut>(self: &Arc<Self>, f: F) -> Fut::Output
    where
        F: FnOnce(InputContext) -> Fut,
        Fut: Future,
    {
        mutate(&self.engine, f, |_| true, false).await.0
    }

    /// Like [`mutate`](Self::mutate), but an `Err` of the closure leaves everything as it was.
    ///
    /// # Errors
    ///
    /// The closure's own.
    ///
    /// # Cancel safety
    ///
    /// As for `mutate`.
    ///
    /// ```
    /// # use salvia::{Input, InputAccess, Runtime};
    /// # #[derive(Clone, PartialEq, Eq, Hash, InputAccess)]
    /// # struct Balance;
    /// # impl Input<i64> for Balance { fn initial(&self) -> i64 { 10 } }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let rt = Runtime::new().await;
    /// let refused = rt.try_mutate(async |cx| {
    ///     cx.update(Balance, |balance: &mut i64| *balance -= 15).await;
    ///     if Balance.get::<i64>(&cx).await < 0 { Err("overdrawn") } else { Ok(()) }
    /// });
    /// assert_eq!(refused.await, Err("overdrawn"));
    /// assert_eq!(rt.query(async |cx| Balance.get::<i64>(&cx).await).await, 10);
    /// # }
    /// ```
    pub async fn try_mutate<F, Fut, T, E>(self: &Arc<Self>, f: F) -> Result<T, E>
    where
        F: FnOnce(InputContext) -> Fut,
        Fut: Future<Output = Result<T, E>>,
    {
        mutate(&self.engine, f, Result::is_ok, false).await.0
    }

    /// Like [`mutate`](Self::mutate), and pins the revision it made: read your own writes.
    ///
    /// # Cancel safety
    ///
    /// As for `mutate`.
    pub async fn mutate_pinned<F, Fut>(self: &Arc<Self>, f: F) -> (Fut::Output, Snapshot)
    where
        F: FnOnce(InputContext) -> Fut,
        Fut: Future,
    {
        let (value, pin) = mutate(&self.engine, f, |_| true, true).await;
        let pin = pin.expect("it was to be pinned");
        (value, Snapshot::new(self.clone(), pin))
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.engine.tasks.is_closed()
    }

    /// Watches the value of a closure: gives it, and gives it again whenever it has become
    /// another.
    ///
    /// The closure is evaluated at the newest revision, again when something it read has changed;
    /// what comes between two evaluations is passed over. The watch does not keep the runtime: it
    /// ends with it.
    ///
    /// ```
    /// # use salvia::{Input, InputAccess, Runtime};
    /// # #[derive(Clone, PartialEq, Eq, Hash, InputAccess)]
    /// # struct Count;
    /// # impl Input<u32> for Count { fn initial(&self) -> u32 { 0 } }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let rt = Runtime::new().await;
    /// let mut even = rt.watch(|cx| async move { Count.get::<u32>(&cx).await % 2 == 0 });
    /// assert_eq!(even.next().await, Some(true));
    /// rt.mutate(async |cx| Count.set(2, &cx).await).await;
    /// rt.mutate(async |cx| Count.set(3, &cx).await).await;
    /// assert_eq!(even.next().await, Some(false));
    /// drop(rt);
    /// assert_eq!(even.next().await, None);
    /// # }
    /// ```
    pub fn watch<F, Fut, T>(self: &Arc<Self>, f: F) -> Watch<T>
    where
        F: FnMut(QueryContext) -> Fut + Send + 'static,
        Fut: Future<Output = T> + Send + 'static,
        T: Clone + PartialEq + Send + 'static,
    {
        Watch::new(self, f)
    }

    /// Drops remembered values, and forgets bound queries that nobody refers to. What is asked for
    /// again is made again; nothing else changes, and early cut-off still works where only a value
    /// went. What a running update is at stays; so do values that snapshots need.
    ///
    /// ```
    /// # use salvia::{query, Collect, QueryContext, Runtime};
    /// #[query]
    /// async fn big(n: usize, cx: &QueryContext) -> Vec<u8> {
    ///     vec![0; n]
    /// }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let rt = Runtime::new().await;
    /// rt.query(async |cx| big(1 << 20, &cx).await.len()).await;
    /// assert_eq!(rt.collect_garbage(Collect::All).values, 1);
    /// # }
    /// ```
    pub fn collect_garbage(&self, what: Collect) -> Collected {
        self.engine.collect(what)
    }

    /// Ends the runtime's work and waits for its storage tasks to be gone.
    ///
    /// Who waits for a query gets [`Shutdown`](crate::QueryErrorKind::Shutdown), and so does
    /// every later call; a later mutation panics, and so does one that still waits for its turn.
    /// Dropping the last handle does the same without waiting. A body that awaits this in its
    /// storage task ends here. Await it: a thread that blocks on it may be the one that the tasks
    /// need to end.
    ///
    /// # Cancel safety
    ///
    /// The work ends with the first poll; dropping the future only stops the waiting.
    ///
    /// ```
    /// # use salvia::{QueryErrorKind, Runtime};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let rt = Runtime::new().await;
    /// rt.shutdown().await;
    /// let refused = rt.try_query(async |_| 1).await.unwrap_err();
    /// assert!(matches!(refused.kind(), QueryErrorKind::Shutdown));
    /// # }
    /// ```
    pub async fn shutdown(self: &Arc<Self>) {
        self.engine.close();
        self.engine.tasks.ended().await;
        if self.engine.clock.end() {
            self.engine.store.clear();
        }
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        self.engine.close();
    }
}

impl fmt::Debug for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runtime")
            .field("revision", &self.revision())
            .finish_non_exhaustive()
    }
}

/// Drives a closure's future as a root: until its value, or until a query it awaits fails.
pub(crate) async fn root<F, Fut>(
    runtime: Arc<Runtime>,
    pin: Arc<Pinned>,
    f: F,
) -> Result<Fut::Output, QueryError>
where
    F: FnOnce(QueryContext) -> Fut,
    Fut: Future,
{
    Mark::assert_outside_of_bodies(EngineArc::as_ptr(&runtime.engine));
    if pin.has_ended || runtime.engine.tasks.is_closed() {
        return Err(QueryError::shutdown(String::new()));
    }
    let driven = Driven::new(Frame::root(runtime, pin));
    let mut was_pending = false;
    let done = {
        let frame = &driven.frame;
        let mut running = pin!(f(QueryContext::new(frame.clone())));
        let polled = poll_fn(|cx| {
            let _outermost = Outermost::enter();
            let polled = running.as_mut().poll(cx);
            if polled.is_pending() {
                was_pending = true;
                // First the waker, then the look: a failure in another task wakes or is seen.
                frame.driven_by(cx.waker());
            }
            match frame.failure() {
                Some(error) => Poll::Ready(Err(error)),
                None => polled.map(Ok),
            }
        });
        if Outermost::takes_turn() {
            cooperative(polled).await
        } else {
            polled.await
        }
    };
    if !was_pending && Thin::count(&driven.frame) == 1 {
        driven.end_unseen();
    }
    done
}
