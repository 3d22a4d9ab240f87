//! Execution: running a body to its value, in a fresh frame.
//!
//! A panic of the body, or of the user code around it, becomes an error that names the bound
//! query. A dependency's failure ends the body at that await: the driver drops it.

use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use crate::bug::planted;
use crate::error::{Cycle, QueryError};
use crate::node::bound::{Running, Work};
use crate::node::memo::Standing;
use crate::runtime::anonymous::node::path_in;
use crate::runtime::engine::EngineArc;
use crate::runtime::frame::{Driven, Frame};
use crate::runtime::guard::{Payload, discard, guarded};
use crate::runtime::name::text;
use crate::runtime::poll::{Doing, Mark, Measured};
use crate::runtime::trace::{Asked, Traced};
use crate::runtime::update::Lead;
use crate::scope::Paused;
use crate::sync::Thin;
use crate::value::Value;

/// Makes the body's future. Clones the arguments, which is user code.
fn start(lead: &Lead, frame: Thin<Frame>) -> Running {
    let bound = &lead.claim().bound;
    match &bound.kind().work {
        Work::Query(start) => start(bound.key(), Thin::erased(frame)),
        Work::Input(_) | Work::Watch => unreachable!("only queries are executed here"),
    }
}

fn panicked(lead: &Lead, payload: Payload) -> QueryError {
    QueryError::panicked(text(&lead.claim().bound), payload)
}

/// A running body. Its frame, which is the lead's, is driven for as long as this lives; so only `Update::stop` drops it.
pub(crate) struct Execution {
    body: Option<Running>,
    /// How long the body has been polled so far, if that is measured.
    busy: Option<Duration>,
    /// The call path inside the body.
    path: Paused,
    /// When it began, if somebody wants to know.
    since: Option<Instant>,
    /// Its frame knows whom to wake.
    was_pending: bool,
    traced: Traced,
}

type Ended = Result<(Value, Standing), QueryError>;

impl Execution {
    // Not inlined: its part of the stack would stand under every nested update.
    #[inline(never)]
    pub(crate) fn begin(lead: &mut Lead, asked: &Asked) -> Result<Self, QueryError> {
        let since = lead.asker().engine().time();
        let mut traced = asked.executes(&lead.claim().bound, lead.revision());
        let frame = lead.frame_for_body();
        let lead = &*lead;
        let started = guarded(|| start(lead, frame));
        let body = started.map_err(|payload| {
            drop(Driven::new(&*lead.frame));
            traced.ends(false);
            let error = panicked(lead, payload);
            lead.failed(&error, since.map(|since| since.elapsed()));
            error
        })?;
        let is_due = lead.claim().bound.kind().counts.begin();
        Ok(Execution {
            body: Some(body),
            busy: is_due.then_some(Duration::ZERO),
            path: path_in(&lead.claim().bound),
            since,
            was_pending: false,
            traced,
        })
    }

    pub(crate) fn was_pending(&self) -> bool {
        self.was_pending
    }

    /// How long it has taken so far, if somebody wants to know.
    pub(crate) fn took(&self) -> Option<Duration> {
        self.since.map(|since| since.elapsed())
    }

    /// Runs the body. Also says how far its value may be relied on, apart from what it read.
    // This and `poll_body` stand on the stack under all that the body asks for.
    pub(crate) fn poll(&mut self, lead: &Lead, cx: &mut Context<'_>) -> Poll<Ended> {
        let polled = match self.busy {
            None => self.poll_body(lead, cx),
            Some(_) => self.poll_measured(lead, cx),
        };
        self.polled(polled, lead, cx)
    }

    #[inline(never)]
    fn poll_measured(&mut self, lead: &Lead, cx: &mut Context<'_>) -> Result<Poll<Value>, Payload> {
        let measured = Measured::begin();
        let polled = self.poll_body(lead, cx);
        let took = measured.end();
        self.busy = self.busy.map(|busy| busy + took);
        polled
    }

    fn poll_body(&mut self, lead: &Lead, cx: &mut Context<'_>) -> Result<Poll<Value>, Payload> {
        let body = self
            .body
            .as_mut()
            .expect("a body is polled until it has ended");
        let _path = self.path.resume();
        let mark = Mark::enter(Doing::Body, EngineArc::as_ptr(lead.asker().engine()));
        let polled = self.traced.within(|| guarded(|| body.as_mut().poll(cx)));
        drop(mark);
        if matches!(polled, Ok(Poll::Ready(_)))
            && let Err(payload) = over(&mut self.body)
        {
            discard(polled);
            return Err(payload);
        }
        polled
    }

    /// What a poll of the body comes to.
    #[inline(never)]
    fn polled(
        &mut self,
        polled: Result<Poll<Value>, Payload>,
        lead: &Lead,
        cx: &mut Context<'_>,
    ) -> Poll<Ended> {
        if matches!(polled, Ok(Poll::Pending)) {
            self.was_pending = true;
            // First the waker, then the look: a failure in another task wakes or is seen.
            lead.frame.driven_by(cx.waker());
        }
        let ended = match (lead.frame.failure(), polled) {
            (Some(error), _) => Err(error),
            (None, Err(payload)) => Err(panicked(lead, payload)),
            // Also a body that has ended may have been on a cycle: one that another one resolved.
            (None, Ok(polled)) => match (on_cycle(lead, cx), polled) {
                (Some(cycle), _) => self.path.within(|| value_of_cycle(lead, &cycle)),
                (None, Poll::Ready(value)) => Ok((value, standing(lead))),
                (None, Poll::Pending) => return Poll::Pending,
            },
        };
        let done = self.end(lead, ended);
        self.traced.ends(done.is_ok());
        if let Err(error) = &done {
            lead.failed(error, self.took());
        }
        if let Some(busy) = self.busy {
            lead.claim().bound.kind().cost.note_busy(busy);
        }
        Poll::Ready(done)
    }

    /// Drops the body, if it has not given a value. Its locals are user code; a panic there is a panic of the run.
    fn end(&mut self, lead: &Lead, ended: Ended) -> Ended {
        let Some(body) = self.body.take() else {
            return ended;
        };
        match self.path.within(|| guarded(|| drop(body))) {
            Err(payload) if ended.is_ok() => Err(panicked(lead, payload)),
            _ => ended,
        }
    }
}

/// Drops a body that has given its value, where its call path stands: its locals are user code. A panic there is one of the run.
#[inline(never)]
fn over(body: &mut Option<Running>) -> Result<(), Payload> {
    let body = body.take();
    guarded(|| drop(body))
}

fn standing(lead: &Lead) -> Standing {
    if lead.frame.is_poisoned() && !planted("poison-stored") {
        return Standing::Passing;
    }
    Standing::Published
}

/// The cycle this update was found to be on, if its query has a value for that. Else notes whom
/// to wake when it comes to that.
fn on_cycle(lead: &Lead, cx: &Context<'_>) -> Option<Cycle> {
    let claim = lead.claim();
    claim.bound.kind().options.cycle.as_ref()?;
    let waker = cx.waker().clone();
    let mut waits = claim.waits().lock();
    let cycle = waits.cycle.take();
    let before = waits.driver.replace(waker);
    drop(waits);
    discard(before);
    cycle
}

/// The value a query has for being on a cycle. It holds at this revision: the same inputs make
/// the same cycle. What it would take to change is not known, so it is not published.
fn value_of_cycle(lead: &Lead, cycle: &Cycle) -> Ended {
    let bound = &lead.claim().bound;
    let value = bound
        .kind()
        .options
        .cycle
        .as_ref()
        .expect("it was asked for because it is there");
    let value = guarded(|| value(bound.key(), cycle)).map_err(|payload| panicked(lead, payload))?;
    Ok((value, Standing::Private))
}
