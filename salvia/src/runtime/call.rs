//! Calls of queries: the future that a query function gives.
//!
//! A hit is taken in the first poll, without a lock, an allocation or a task switch. All that
//! is generic is here and small: hash and compare the arguments, clone the value.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use crate::error::QueryError;
use crate::node::edge::Edge;
use crate::runtime::QueryContext;
use crate::runtime::arguments::Arguments;
use crate::runtime::asking::{State, handled, hit};
use crate::runtime::name::short;
use crate::runtime::spec::Spec;
use crate::runtime::store::{Found, Store};
use crate::shared::Shared;
use crate::value::Value;

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
    spec: Spec,
    state: State<Args>,
    /// How many reads the caller had made when it called.
    after: u32,
    /// `poll_value`. What it asks of the types is asked when the call is made, so that the future
    /// itself asks for nothing, and a type that lacks something is reported there only.
    poll: Poller<Args, V>,
    /// `fetch`, likewise.
    fetch: Fetcher<Args, V>,
    /// `target`, likewise.
    target: Target<Args>,
}

type Poller<Args, V> = fn(&mut Query<'_, Args, V>, &mut Context<'_>) -> Polled<V>;
type Fetcher<Args, V> =
    fn(&mut Query<'_, Args, V>, Missed, &mut Context<'_>) -> Poll<Result<V, QueryError>>;
type Target<Args> = fn(&Spec, Args, &Store) -> (Option<Edge>, String);

// Nothing in it is pinned: the arguments are moved out before any of them could be.
impl<Args, V> Unpin for Query<'_, Args, V> {}

impl<'cx, Args, V> Query<'cx, Args, V> {
    #[inline]
    pub(crate) fn new<G: Give<V>, A: Arguments<Given = Args>>(
        cx: &'cx QueryContext,
        args: Args,
        spec: Spec,
    ) -> Self {
        let after = cx.frame().asked_after();
        Query {
            cx,
            spec,
            state: State::Called(args),
            after,
            poll: |call, cx| call.poll_value::<G, A>(cx),
            fetch: |call, missed, cx| call.fetch::<G, A>(missed, cx),
            target: target::<A>,
        }
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

/// The node of a call in a store, if it has one there, and its name.
fn target<A: Arguments>(spec: &Spec, args: A::Given, store: &Store) -> (Option<Edge>, String) {
    let hash = spec.hash::<A>(store, &args);
    let key = A::keep(args, hash);
    // By the key, whose type need not be known: a second look by the arguments would keep the one of a hit from standing
    // where it is used.
    let found = store.find_key(spec.id, &key, hash);
    (found.map(|found| found.edge()), spec.text::<A>(&key))
}

impl<Args, V> Query<'_, Args, V> {
    /// The node of the call in a store, if it has one there, and its name.
    pub(crate) fn target(mut self, store: &Store) -> (Option<Edge>, String) {
        let args = self.state.take_arguments();
        let args = args.expect("salvia: only a call that was not polled can be explained");
        (self.target)(&self.spec, args, store)
    }

    /// Polls in two steps, so that what is needed of the stack to take a hit does not stand under what a fetch may lead to.
    fn poll_result(&mut self, cx: &mut Context<'_>) -> Poll<Result<V, QueryError>> {
        match (self.poll)(self, cx) {
            Polled::Over(polled) => polled,
            Polled::Missed(missed) => (self.fetch)(self, missed, cx),
        }
    }

    fn poll_value<G: Give<V>, A: Arguments<Given = Args>>(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Polled<V> {
        let frame = self.cx.frame();
        let State::Called(args) = &self.state else {
            return Polled::Over(self.state.go_on::<V, G>((self.cx, self.after), cx));
        };
        if frame.is_yield_due() {
            cx.waker().wake_by_ref();
            return Polled::Over(Poll::Pending);
        }
        let guess = frame.guess();
        let is_it = |key: &A::Key| A::matches(args, key);
        let again = guess.and_then(|guess| frame.find_again(guess, self.spec.id, is_it));
        let found = match again {
            Some(found) => found,
            None => {
                let store = &frame.asker.engine().store;
                let hash = self.spec.hash::<A>(store, args);
                let found = self.spec.find::<A>(store, args, hash);
                if guess.is_some() {
                    frame.was_wrong(found.as_ref());
                }
                match found {
                    Some(found) => found,
                    None => return Polled::Missed(Missed::Unknown(hash)),
                }
            }
        };
        match hit::<V, G>(frame, &found, self.after) {
            Some(value) => {
                self.state = State::Done;
                Polled::Over(Poll::Ready(value))
            }
            None => Polled::Missed(Missed::OutOfDate(found)),
        }
    }

    #[inline(always)]
    fn fetch<G: Give<V>, A: Arguments<Given = Args>>(
        &mut self,
        missed: Missed,
        cx: &mut Context<'_>,
    ) -> Poll<Result<V, QueryError>> {
        let found = self.found::<A>(missed);
        self.state.fetch::<V, G>((self.cx, self.after), found, cx)
    }

    /// The node that is to be fetched, made if need be.
    // Not inlined: what it needs of the stack would stand under every nested update.
    #[inline(never)]
    fn found<A: Arguments<Given = Args>>(&mut self, missed: Missed) -> Found {
        let args = self.state.take_arguments();
        let args = args.expect("a fetch begins with the arguments of the call");
        match missed {
            Missed::OutOfDate(found) => found,
            Missed::Unknown(hash) => {
                let store = &self.cx.frame().asker.engine().store;
                self.spec.find_or_make::<A>(store, args, hash)
            }
        }
    }
}

/// What a poll of a call has come to.
enum Polled<V> {
    Over(Poll<Result<V, QueryError>>),
    /// It is no hit.
    Missed(Missed),
}

/// What a call that is no hit has found.
enum Missed {
    /// A node that may have to be brought up to date.
    OutOfDate(Found),
    /// None, for this hash.
    Unknown(u64),
}

impl<Args, V> Future for Query<'_, Args, V> {
    type Output = V;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<V> {
        match ready!(self.poll_result(cx)) {
            Ok(value) => Poll::Ready(value),
            Err(error) => {
                let frame = self.cx.frame();
                self.state.fail(frame, error, cx.waker())
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
        let polled = self.0.poll_result(cx);
        handled(self.0.cx.frame(), polled)
    }
}
