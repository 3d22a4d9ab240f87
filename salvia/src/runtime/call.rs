//! Calls of queries: the future that a query function gives.
//!
//! A hit is taken in the first poll, without a lock, an allocation or a task switch. All that
//! is generic is here and small: hash and compare the arguments, clone the value.

use std::any::TypeId;
use std::fmt;
use std::future::Future;
use std::hash::Hash;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};

use crate::error::{Cycle, QueryError};
use crate::node::bound::{self, Keys, Kind, Local, OnCycle, Running, Work};
use crate::node::cost::Cost;
use crate::node::counts::Counts;
use crate::node::edge::Edge;
use crate::node::memo::{Memo, Seen};
use crate::runtime::QueryContext;
use crate::runtime::fetch::Fetch;
use crate::runtime::frame::Frame;
use crate::runtime::guard::guarded;
use crate::runtime::name::{called, long, short, text};
use crate::runtime::options::Options;
use crate::runtime::store::Store;
use crate::shared::Shared;
use crate::sync::Mutex;
use crate::value::{Erased, Value};

/// What a query function is, apart from its arguments and its value's type.
pub(crate) struct Spec<Args> {
    pub(crate) id: TypeId,
    pub(crate) path: fn() -> &'static str,
    pub(crate) run: fn(Args, QueryContext) -> Running,
    pub(crate) describe: fn(&Args, &mut fmt::Formatter<'_>) -> fmt::Result,
    /// Early cut-off.
    pub(crate) same: fn(&Value, &Value) -> bool,
    pub(crate) options: Options<Args>,
}

/// How a query gives out the values it keeps.
pub(crate) trait Give<V> {
    fn give(value: &Value) -> V;

    /// Whether that can panic.
    const IS_USER_CODE: bool;
}

/// As clones.
pub(crate) struct Cloned;

impl<V: Clone + 'static> Give<V> for Cloned {
    #[inline]
    fn give(value: &Value) -> V {
        value.get::<V>().clone()
    }

    // What needs no drop is a few plain bytes, as good as always; the guard has its price.
    const IS_USER_CODE: bool = std::mem::needs_drop::<V>();
}

/// As handles.
pub(crate) struct ByHandle;

impl<V: Send + Sync + 'static> Give<Shared<V>> for ByHandle {
    #[inline]
    fn give(value: &Value) -> Shared<V> {
        value.share()
    }

    const IS_USER_CODE: bool = false;
}

/// One call of a query: the future of its value.
///
/// Calling a query does nothing but note the order of calls; the work is done when the future
/// is polled. See [`query`](crate::query).
///
/// # Panics
///
/// When it is awaited in a body whose execution has ended (in a task the body left behind).
///
/// # Cancel safety
///
/// Dropping it disturbs nobody: an update that others wait for goes on.
///
/// ```
/// # use salvia::{query, Query, QueryContext, Runtime};
/// #[query]
/// async fn double(n: u64, cx: &QueryContext) -> u64 {
///     2 * n
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let rt = Runtime::new().await;
/// let twelve = rt.query(async |cx| {
///     let call: Query<'_, (u64,), u64> = double(6, &cx);
///     call.await
/// });
/// assert_eq!(twelve.await, 12);
/// # }
/// ```
#[must_use = "a query does nothing until it is awaited"]
pub struct Query<'cx, Args, V> {
    cx: &'cx QueryContext,
    spec: Spec<Args>,
    state: State<Args>,
    /// How many reads the caller had made when it called.
    after: u32,
    /// `poll_value`. What it asks of the types is asked when the call is made, so that the future
    /// itself asks for nothing, and a type that lacks something is reported there only.
    poll: Poller<Args, V>,
}

type Poller<Args, V> = fn(&mut Query<'_, Args, V>, &mut Context<'_>) -> Poll<Result<V, QueryError>>;

enum State<Args> {
    Called(Args),
    Fetching(Box<Fetch>),
    /// The error travels on; the caller does not get beyond this await.
    Failed(QueryError),
    Done,
}

// Nothing in it is pinned: the arguments are moved out before any of them could be.
impl<Args, V> Unpin for Query<'_, Args, V> {}

impl<'cx, Args, V> Query<'cx, Args, V> {
    pub(crate) fn new<G: Give<V>>(cx: &'cx QueryContext, args: Args, spec: Spec<Args>) -> Self
    where
        Args: Clone + Eq + Hash + Send + Sync + 'static,
    {
        let after = cx.frame().asked_after();
        Query {
            cx,
            spec,
            state: State::Called(args),
            after,
            poll: |call, cx| call.poll_value::<G>(cx),
        }
    }

    /// Passes an error on through the frame. In a task that has outlived the frame there is nobody
    /// to pass it on, so it ends that task.
    #[cold]
    fn fail(&mut self, error: QueryError, asking: &Waker) -> Poll<V> {
        let frame = self.cx.frame();
        if frame.has_ended() {
            error.resume();
        }
        frame.fail(&error, asking);
        self.state = State::Failed(error);
        Poll::Pending
    }

    /// The value, or the error if the query fails, to be handled by the caller.
    ///
    /// Without it a failure ends the calling body too. A value that was made by handling a
    /// failure is given to whoever waits for it, and not stored: the next request tries again.
    ///
    /// # Errors
    ///
    /// [`QueryError`] names the bound query that failed and says why.
    ///
    /// # Cancel safety
    ///
    /// As for the query itself.
    ///
    /// ```
    /// # use salvia::{query, QueryContext, Runtime};
    /// #[query]
    /// async fn fails(cx: &QueryContext) -> u32 {
    ///     panic!("no luck")
    /// }
    ///
    /// #[query]
    /// async fn forgiving(cx: &QueryContext) -> u32 {
    ///     fails(cx).catch().await.unwrap_or(0)
    /// }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let rt = Runtime::new().await;
    /// assert_eq!(rt.query(async |cx| forgiving(&cx).await).await, 0);
    /// # }
    /// ```
    pub fn catch(self) -> Catch<'cx, Args, V> {
        Catch(self)
    }
}

impl<Args, V> Query<'_, Args, V>
where
    Args: Clone + Eq + Hash + Send + Sync + 'static,
{
    /// The node of the call in a store, if it has one there, and its name.
    pub(crate) fn target(&self, store: &Store) -> (Option<Edge>, String) {
        let State::Called(args) = &self.state else {
            panic!("salvia: only a call that was not polled can be explained");
        };
        let hash = store.hash(self.spec.id, args);
        let found = store.find(self.spec.id, args, hash);
        let name = called(&short((self.spec.path)()), |f| {
            (self.spec.describe)(args, f)
        });
        (found.map(|found| found.edge()), name)
    }

    fn poll_value<G: Give<V>>(&mut self, cx: &mut Context<'_>) -> Poll<Result<V, QueryError>> {
        let frame = self.cx.frame();
        if let State::Called(args) = &self.state {
            if frame.is_yield_due() {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            let hash = frame.asker.engine.store.hash(self.spec.id, args);
            if let Some(value) = self.hit::<G>(frame, args, hash) {
                self.state = State::Done;
                return Poll::Ready(value);
            }
            return self.start::<G>(hash, cx);
        }
        let fetch = match &mut self.state {
            State::Fetching(fetch) => fetch,
            State::Failed(error) => return Poll::Ready(Err(error.clone())),
            _ => panic!("salvia: the call of a query was polled after it had given its value"),
        };
        let seen = ready!(fetch.poll(&frame.asker, cx));
        let edge = fetch.edge();
        self.state = State::Done;
        self.fetched::<G>(edge, seen)
    }

    fn fetched<G: Give<V>>(
        &self,
        edge: Edge,
        seen: Result<Seen, QueryError>,
    ) -> Poll<Result<V, QueryError>> {
        let seen = seen?;
        let frame = self.cx.frame();
        seen.memo.touch(frame.asker.engine.keeper.tick());
        frame.take(edge, self.after, seen.taken());
        Poll::Ready(give::<V, G>(&seen.memo))
    }

    /// The value, if its memo is right at the frame's revision.
    fn hit<G: Give<V>>(
        &self,
        frame: &Frame,
        args: &Args,
        hash: u64,
    ) -> Option<Result<V, QueryError>> {
        let found = frame.asker.engine.store.find(self.spec.id, args, hash)?;
        let memo = found.memo();
        if !memo.gives(frame.asker.revision()) {
            return None;
        }
        memo.touch(frame.asker.engine.keeper.tick());
        frame.take(found.edge(), self.after, memo.taken());
        Some(give::<V, G>(memo))
    }

    /// Goes on to fetch the node, made if need be. Only a fetch that has to wait is kept.
    #[cold]
    fn start<G: Give<V>>(
        &mut self,
        hash: u64,
        cx: &mut Context<'_>,
    ) -> Poll<Result<V, QueryError>> {
        let State::Called(args) = std::mem::replace(&mut self.state, State::Done) else {
            unreachable!("a fetch begins with the arguments of the call");
        };
        self.cx.frame().missed();
        let asker = &self.cx.frame().asker;
        let store = &asker.engine.store;
        let kind = || store.kind(self.spec.id, || self.spec.kind());
        let found = store.find_or_make(self.spec.id, kind, args, hash, Memo::vacant);
        let (edge, bound) = (found.edge(), found.memo().bound.clone());
        let mut fetch = match found.memo().finding() {
            Some(_) => Fetch::new(edge, bound),
            None => Fetch::first(edge, bound),
        };
        drop(found);
        match fetch.poll(asker, cx) {
            Poll::Ready(seen) => self.fetched::<G>(fetch.edge(), seen),
            Poll::Pending => {
                self.state = State::Fetching(Box::new(fetch));
                Poll::Pending
            }
        }
    }
}

/// The caller's own of a value. `Clone` is user code; a panic in it is a failure of the query.
#[inline]
pub(crate) fn give<V, G: Give<V>>(memo: &Memo) -> Result<V, QueryError> {
    let value = memo
        .value()
        .expect("a memo that covers a revision has a value");
    if !G::IS_USER_CODE {
        return Ok(G::give(value));
    }
    guarded(|| G::give(value)).map_err(|payload| QueryError::panicked(text(&memo.bound), payload))
}

fn on_cycle<Args>(value: fn(&Cycle, Args) -> Value) -> OnCycle
where
    Args: Clone + Send + Sync + 'static,
{
    Box::new(move |key, cycle| value(cycle, arguments::<Args>(key).clone()))
}

fn arguments<Args: 'static>(key: &Erased) -> &Args {
    key.downcast_ref()
        .expect("a node's key has the type of its query's arguments")
}

impl<Args> Spec<Args>
where
    Args: Clone + Eq + Hash + Send + Sync + 'static,
{
    fn kind(&self) -> Kind {
        let (run, describe, options) = (self.run, self.describe, self.options);
        Kind {
            id: self.id,
            name: short((self.path)()),
            path: long((self.path)()),
            same: self.same,
            describe: Box::new(move |key, f| describe(arguments(key), f)),
            work: Work::Query(Box::new(move |key, frame| {
                run(arguments::<Args>(key).clone(), QueryContext::of(frame))
            })),
            options: bound::Options {
                spawn: options.spawn,
                detached: options.detached,
                cycle: options.cycle.map(on_cycle::<Args>),
                size: options.size,
                lru: options.lru,
            },
            cost: Cost::default(),
            keys: Keys::of::<Args>(),
            kept: Mutex::default(),
            counts: Counts::default(),
            local: Local::default(),
        }
    }
}

impl<Args, V> Future for Query<'_, Args, V> {
    type Output = V;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<V> {
        match ready!((self.poll)(&mut self, cx)) {
            Ok(value) => Poll::Ready(value),
            Err(error) => {
                // The driver of the body drops it; it never gets beyond this await.
                self.fail(error, cx.waker())
            }
        }
    }
}

impl<Args, V> fmt::Debug for Query<'_, Args, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Query")
            .field("name", &short((self.spec.path)()))
            .finish_non_exhaustive()
    }
}

/// The future of [`Query::catch`].
#[must_use = "a query does nothing until it is awaited"]
#[derive(Debug)]
pub struct Catch<'cx, Args, V>(Query<'cx, Args, V>);

impl<Args, V> Future for Catch<'_, Args, V> {
    type Output = Result<V, QueryError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let done = ready!((self.0.poll)(&mut self.0, cx));
        if done.is_err() {
            self.0.cx.frame().poison();
        }
        Poll::Ready(done)
    }
}

/// The type of the marker of a query: which function, and which instance of a generic one.
pub(crate) fn identify<M: 'static>(_: &M) -> (TypeId, fn() -> &'static str) {
    (TypeId::of::<M>(), std::any::type_name::<M>)
}
