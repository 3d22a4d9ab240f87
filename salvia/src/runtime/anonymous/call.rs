//! `memo` and `memo_in_slot`: calls of anonymous nodes, and the future they give.

use std::any::TypeId;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use crate::error::QueryError;
use crate::node::memo::Memo;
use crate::param::Param;
use crate::runtime::QueryContext;
use crate::runtime::anonymous::node::{Body, Key, Plain, Wanted, kind, kind_of, path_in};
use crate::runtime::asking::{State, handled, hit};
use crate::runtime::call::Cloned;
use crate::runtime::store::Found;
use crate::scope::{CallId, Site, place};
use crate::value::Stashable;

impl QueryContext {
    /// Remembers what `f` makes of `input`, at this place: a query without a name, in the middle of a body.
    ///
    /// The node it makes is known by its [call path](crate::scope), as a [`call`](crate::scope::call) here would be, and by
    /// its input. Its body runs when it is asked for the first time, with another input, or after something it reads has
    /// changed; what comes to an equal value does not run its parent. In its body [`CallId::current`] is its id.
    ///
    /// `f` captures nothing, so all that the value depends on is the input, which is compared, and what is read through
    /// the context. The input is borrowed: a view, a tuple of them, or `&value`, see [`Param`].
    ///
    /// A node that the parent's last completed run did not call is dropped after it, with the inputs hosted on its id;
    /// see [the chapter](crate::scope#nodes-without-a-name) for what that means, and for when to write a query instead.
    ///
    /// ```
    /// use salvia::{QueryContext, Runtime, query};
    ///
    /// #[query]
    /// async fn letters(text: String, cx: &QueryContext) -> Vec<usize> {
    ///     let mut counts = Vec::new();
    ///     for word in text.split(' ') {
    ///         counts.push(cx.memo_in_slot(word, word, async |word, _cx| word.len()).await);
    ///     }
    ///     counts
    /// }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let rt = Runtime::new().await;
    /// let counts = rt.query(async |cx| letters("a bee".to_owned(), &cx).await);
    /// assert_eq!(counts.await, [1, 3]);
    /// # }
    /// ```
    ///
    /// A program in which `f` captures something does not compile:
    ///
    /// ```compile_fail
    /// # use salvia::{QueryContext, query};
    /// #[query]
    /// async fn above(limit: u32, cx: &QueryContext) -> u32 {
    ///     cx.memo((), async move |(), _cx| limit + 1).await // the input has to be `limit`
    /// }
    /// ```
    ///
    /// # Panics
    ///
    /// If the arguments of the query around it panic when they are hashed.
    #[track_caller]
    pub fn memo<'cx, I, V, F>(&'cx self, input: I, f: F) -> Anonymous<'cx, I, V, F>
    where
        I: Param,
        V: Stashable,
        F: for<'v> AsyncFn(I::View<'v>, &'v QueryContext) -> V
            + for<'v> Body<'v, I::View<'v>, Value = V>
            + Plain, // It may not capture anything: pass what it needs in the input.
    {
        let site = Site::caller();
        let (around, nth) = place(site).unwrap_or_else(|| (self.around(), 0));
        Anonymous::new(self, around.nth_node(site, nth), input, f)
    }

    /// The same in a slot, which takes the place of the count: equal slots at one place are one node, in whatever order they
    /// come. It is for what comes and goes, or changes places.
    ///
    /// The slot may be given in a borrowed form, or as a view, as in [`call_in_slot`](crate::scope::call_in_slot).
    ///
    /// ```
    /// # use salvia::{QueryContext, Runtime, query};
    /// #[query]
    /// async fn shout(names: Vec<String>, cx: &QueryContext) -> String {
    ///     let shouts = names.iter().map(|name| {
    ///         cx.memo_in_slot(name, &**name, async |name, _cx| name.to_uppercase())
    ///     });
    ///     futures::future::join_all(shouts.collect::<Vec<_>>()).await.join(" ")
    /// }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # let rt = Runtime::new().await;
    /// let names = vec!["bob".to_owned(), "eve".to_owned()];
    /// assert_eq!(rt.query(async |cx| shout(names, &cx).await).await, "BOB EVE");
    /// # }
    /// ```
    ///
    /// # Panics
    ///
    /// As [`memo`](Self::memo), and if the clone or hash of the slot does.
    #[track_caller]
    pub fn memo_in_slot<'cx, S, I, V, F>(
        &'cx self,
        slot: S,
        input: I,
        f: F,
    ) -> Anonymous<'cx, I, V, F>
    where
        S: Param,
        I: Param,
        V: Stashable,
        F: for<'v> AsyncFn(I::View<'v>, &'v QueryContext) -> V
            + for<'v> Body<'v, I::View<'v>, Value = V>
            + Plain, // It may not capture anything: pass what it needs in the input.
    {
        let site = Site::caller();
        let around = place(site).map_or_else(|| self.around(), |(around, _)| around);
        Anonymous::new(self, around.node_in_slot(site, slot.to_key()), input, f)
    }

    /// The path of the body whose context this is, for a thread that is outside of any call.
    fn around(&self) -> CallId {
        let within = |body| path_in(body).within(CallId::current);
        self.body().map_or_else(CallId::current, within)
    }
}

/// One call of an anonymous node: the future of its value. See [`QueryContext::memo`].
///
/// As with [`Query`](crate::Query), calling notes the order of calls, and the work is done when the future is polled.
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
/// # use salvia::{QueryContext, Runtime};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let rt = Runtime::new().await;
/// let eight = rt.query(async |cx| {
///     let (one, two) = (cx.memo(3, async |n, _cx| n + 1), cx.memo(3, async |n, _cx| n + 1));
///     one.await + two.await
/// });
/// assert_eq!(eight.await, 8);
/// # }
/// ```
#[must_use = "an anonymous node does nothing until it is awaited"]
pub struct Anonymous<'cx, I, V, F> {
    cx: &'cx QueryContext,
    id: CallId,
    body: F,
    state: State<I>,
    /// How many reads the caller had made when it called.
    after: u32,
    /// `poll_value`. What it asks of the types is asked when the call is made.
    poll: Poller<I, V, F>,
}

type Poller<I, V, F> =
    fn(&mut Anonymous<'_, I, V, F>, &mut Context<'_>) -> Poll<Result<V, QueryError>>;

// Nothing in it is pinned.
impl<I, V, F> Unpin for Anonymous<'_, I, V, F> {}

impl<'cx, I, V, F> Anonymous<'cx, I, V, F>
where
    I: Param,
    V: Stashable,
    F: for<'v> Body<'v, I::View<'v>, Value = V> + Plain,
{
    fn new(cx: &'cx QueryContext, id: CallId, input: I, body: F) -> Self {
        const {
            assert!(
                size_of::<F>() == 0,
                "salvia: the body of an anonymous node captures nothing; pass what it needs in the input, which is compared"
            );
        }
        Anonymous {
            cx,
            id,
            body,
            state: State::Called(input),
            after: cx.frame().asked_after(),
            poll: |call, cx| call.poll_value(cx),
        }
    }

    fn poll_value(&mut self, cx: &mut Context<'_>) -> Poll<Result<V, QueryError>> {
        let frame = self.cx.frame();
        let State::Called(input) = &self.state else {
            return self.state.go_on::<V, Cloned>((self.cx, self.after), cx);
        };
        if frame.is_yield_due() {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let kind = kind_of::<I::Key, V, F>();
        let wanted = Wanted::new(&self.id, input);
        let store = &frame.asker.engine().store;
        let hash = store.hash(kind, &wanted);
        let found = store.find_where(hash, |bound| wanted.is(input, bound, kind));
        if let Some(value) = found
            .as_ref()
            .and_then(|found| hit::<V, Cloned>(frame, found, self.after))
        {
            self.state = State::Done;
            return Poll::Ready(value);
        }
        let input = wanted.input;
        self.start(found, kind, (hash, input), cx)
    }

    /// Goes on to fetch the node, made if need be.
    #[cold]
    fn start(
        &mut self,
        found: Option<Found>,
        kind: TypeId,
        (hash, viewed): (u64, u64),
        cx: &mut Context<'_>,
    ) -> Poll<Result<V, QueryError>> {
        let input = self.state.take_arguments();
        let input = input.expect("a fetch begins with the input of the call");
        let found = found.unwrap_or_else(|| {
            let id = &self.id;
            let wanted = Wanted { id, input: viewed };
            self.make(&input, wanted, kind, hash)
        });
        self.state
            .fetch::<V, Cloned>((self.cx, self.after), found, cx)
    }

    /// Makes the node. It is a member of its parent's family before anybody can find it.
    #[cold]
    fn make(&self, input: &I, wanted: Wanted<'_>, id: TypeId, hash: u64) -> Found {
        let asker = &self.cx.frame().asker;
        let (engine, body) = (asker.engine(), self.body);
        if let Some(parent) = &asker.claim {
            parent.bound.kind().local.relate();
        }
        let input = input.to_key();
        let coming = engine.families.announce(&self.id);
        let known = coming.as_ref().map_or(&self.id, |coming| &coming.id);
        let key = Key::new(wanted, known.clone(), input);
        let kind = || engine.store.kind(id, || kind::<I, V, F>(body));
        let found = (engine.store).find_or_make((id, hash), kind, key, Memo::vacant);
        if let Some(coming) = coming {
            coming.come(found.edge());
        }
        found
    }
}

impl<I, V, F> Anonymous<'_, I, V, F> {
    /// The value, or the error if the node fails, to be handled by the caller.
    ///
    /// As with [`Query::catch`](crate::Query::catch), a value that was made by handling a failure is given to whoever waits
    /// for it, and not stored.
    ///
    /// # Errors
    ///
    /// [`QueryError`] names the bound query that failed and says why.
    ///
    /// # Cancel safety
    ///
    /// As for the call itself.
    ///
    /// ```
    /// # use salvia::Runtime;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let rt = Runtime::new().await;
    /// let first = rt.query(async |cx| {
    ///     let first = cx.memo("", async |text, _cx| text.chars().next().expect("there is a first"));
    ///     first.catch().await.unwrap_or('-')
    /// });
    /// assert_eq!(first.await, '-');
    /// # }
    /// ```
    pub fn catch(mut self) -> impl Future<Output = Result<V, QueryError>> {
        poll_fn(move |cx| {
            let polled = (self.poll)(&mut self, cx);
            handled(self.cx.frame(), polled)
        })
    }
}

impl<I, V, F> Future for Anonymous<'_, I, V, F> {
    type Output = V;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<V> {
        match ready!((self.poll)(&mut self, cx)) {
            Ok(value) => Poll::Ready(value),
            Err(error) => {
                let frame = self.cx.frame();
                self.state.fail(frame, error, cx.waker())
            }
        }
    }
}

impl<I, V, F> fmt::Debug for Anonymous<'_, I, V, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Anonymous")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
