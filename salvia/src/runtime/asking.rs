//! What a call comes to from its making to its value: of queries, and of anonymous nodes, which have no name.
//!
//! What is asked and how it is found differs; that a hit is taken at once, a fetch is kept only if it has to wait, and an
//! error travels on through the frame is here.

use std::task::{Context, Poll, Waker, ready};

use crate::bug::planted;
use crate::error::QueryError;
use crate::node::bound::{Bound, Work};
use crate::node::edge::Edge;
use crate::node::memo::{Memo, Seen};
use crate::runtime::QueryContext;
use crate::runtime::awaiting::Awaiting;
use crate::runtime::call::Give;
use crate::runtime::fetch::Fetch;
use crate::runtime::frame::Frame;
use crate::runtime::guard::guarded;
use crate::runtime::name::text;
use crate::runtime::store::Found;
use crate::sync::{Thin, VeiledBox};
use crate::value::Value;

/// How far a call has come.
pub(crate) enum State<A> {
    /// Not polled, with its arguments.
    Called(A),
    Fetching(VeiledBox<Awaiting>),
    /// The error travels on; the caller does not get beyond this await.
    Failed(QueryError),
    Done,
}

/// Who calls: the context, and how many reads its frame had made when it called.
pub(crate) type Caller<'a> = (&'a QueryContext, u32);

/// The value, if the memo is right at the frame's revision.
#[inline]
pub(crate) fn hit<V, G: Give<V>>(
    frame: &Frame,
    found: &Found,
    after: u32,
) -> Option<Result<V, QueryError>> {
    let memo = found.memo();
    let finding = memo.right_at(frame.asker.revision())?;
    let value = finding.value.as_ref()?;
    memo.touch(frame.asker.engine().keeper.tick());
    frame.take(found.edge(), after, memo, finding.taken());
    Some(give::<V, G>(memo, value))
}

impl<A> State<A> {
    /// The arguments, taken out to begin with. `None` if the call was polled before.
    pub(crate) fn take_arguments(&mut self) -> Option<A> {
        match std::mem::replace(self, State::Done) {
            State::Called(arguments) => Some(arguments),
            _ => None,
        }
    }

    /// Fetches the value. Only a fetch that has to wait is kept.
    #[inline]
    pub(crate) fn fetch<V, G: Give<V>>(
        &mut self,
        caller: Caller<'_>,
        found: Found,
        cx: &mut Context<'_>,
    ) -> Poll<Result<V, QueryError>> {
        match begin(caller.0.frame(), found, cx) {
            Begun::Over(edge, seen) => Poll::Ready(fetched::<V, G>(caller, edge, seen)),
            Begun::Waits(awaiting) => {
                *self = State::Fetching(awaiting);
                Poll::Pending
            }
        }
    }

    /// Goes on with a fetch that had to wait.
    ///
    /// # Panics
    ///
    /// If the call had given its value.
    pub(crate) fn go_on<V, G: Give<V>>(
        &mut self,
        caller: Caller<'_>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<V, QueryError>> {
        let fetch = match self {
            State::Fetching(fetch) => fetch,
            State::Failed(error) => return Poll::Ready(Err(error.clone())),
            _ => panic!("salvia: a call was polled after it had given its value"),
        };
        let seen = ready!(fetch.poll(cx));
        let edge = fetch.edge();
        *self = State::Done;
        Poll::Ready(fetched::<V, G>(caller, edge, seen))
    }

    /// Passes an error on through the frame. In a task that has outlived the frame there is nobody to pass it on, so it ends
    /// that task.
    #[cold]
    pub(crate) fn fail<V>(&mut self, frame: &Frame, error: QueryError, asking: &Waker) -> Poll<V> {
        if frame.has_ended() {
            error.resume();
        }
        // The driver of the body drops it; it never gets beyond this await.
        frame.fail(&error, asking);
        *self = State::Failed(error);
        Poll::Pending
    }
}

/// What came of the first poll of a fetch.
enum Begun {
    Over(Edge, Result<Seen, QueryError>),
    Waits(VeiledBox<Awaiting>),
}

/// Begins to fetch. One function for all types.
#[inline(never)]
fn begin(frame: &Thin<Frame>, found: Found, cx: &mut Context<'_>) -> Begun {
    frame.missed();
    let mut fetch = Fetch::of(found);
    match fetch.poll(&frame.asker, cx) {
        Poll::Ready(seen) => Begun::Over(fetch.edge(), seen),
        Poll::Pending => Begun::Waits(VeiledBox::new(Awaiting::new(fetch, frame.clone()))),
    }
}

fn fetched<V, G: Give<V>>(
    (cx, after): Caller<'_>,
    edge: Edge,
    seen: Result<Seen, QueryError>,
) -> Result<V, QueryError> {
    let seen = seen.inspect_err(|_| failed(cx, edge))?;
    let frame = cx.frame();
    seen.memo.touch(frame.asker.engine().keeper.tick());
    frame.take(edge, after, &seen.memo, seen.taken());
    let value = seen.memo.value();
    give::<V, G>(&seen.memo, value.expect("what is fetched has a value"))
}

/// A node was called though it has failed, which is not to be taken for not called if the failure is handled.
#[cold]
fn failed(cx: &QueryContext, edge: Edge) {
    // What a watch calls belongs to nobody, and what it notes as read has to be read.
    let body = cx.body();
    let keeps = body.is_some_and(|bound| bound.kind().local.is_related());
    if keeps && !planted("failed-not-called") {
        cx.frame().note(|record| record.call(edge));
    }
}

impl QueryContext {
    /// The query whose body has this context; `None` for a root and for a watch.
    pub(crate) fn body(&self) -> Option<&Bound> {
        let claim = self.frame().asker.claim.as_ref()?;
        let is_query = matches!(claim.bound.kind().work, Work::Query(..));
        is_query.then_some(&claim.bound)
    }
}

/// A poll of a call whose failure the caller handles.
pub(crate) fn handled<V>(
    frame: &Frame,
    polled: Poll<Result<V, QueryError>>,
) -> Poll<Result<V, QueryError>> {
    let done = ready!(polled);
    if done.is_err() {
        frame.poison();
    }
    Poll::Ready(done)
}

/// The caller's own of a value. `Clone` is user code; a panic in it is a failure of the query.
#[inline]
fn give<V, G: Give<V>>(memo: &Memo, value: &Value) -> Result<V, QueryError> {
    if !G::IS_USER_CODE {
        return Ok(G::give(value));
    }
    guarded(|| G::give(value)).map_err(|payload| QueryError::panicked(text(&memo.bound), payload))
}
