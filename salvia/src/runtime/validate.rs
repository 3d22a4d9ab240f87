//! Validation: bring the dirty edges up to date, each as soon as a fresh run would ask for it,
//! and stop at the first that changed.
//!
//! Clean edges are never visited: they are registered, so a change of theirs would have been
//! heard. An edge knows how many values had arrived when its query was called; once those are
//! known unchanged, the call is known to be made again, so it may be checked. What was awaited in
//! a row is thus checked in a row, and what was joined is checked together.

use std::future::{Future, poll_fn};
use std::task::{Context, Poll};

use futures_util::stream::{FuturesUnordered, StreamExt};

use crate::bug::planted;
use crate::node::dirty::DirtyEdges;
use crate::node::edge::{Edge, ReverseEdge};
use crate::node::memo::Seen;
use crate::revision::Revision;
use crate::runtime::fetch::Fetch;
use crate::runtime::guard::discard;
use crate::runtime::update::{Lead, Stale};

pub(crate) enum Checked {
    /// Everything the memo was made from is as it was.
    Unchanged,
    /// Something is not, or is gone, or fails: run the body, which will see for itself.
    Changed,
}

/// The checks of one validation. When it is given up what is in flight may go on, for a fresh
/// run makes those calls too: keep it until the run has ended.
pub(crate) struct Checks<'a> {
    lead: &'a Lead,
    stale: &'a Stale,
    /// The edges to check, sorted by how many values had arrived at their call.
    waiting: std::vec::IntoIter<u32>,
    /// The next of them.
    next: Option<u32>,
    /// Edges that are not known to be unchanged.
    unknown: DirtyEdges,
    /// There is none of them below this.
    known: u32,
    live: FuturesUnordered<Check<'a>>,
}

/// Checks until the answer is known.
pub(crate) async fn validate(checks: &mut Checks<'_>) -> Checked {
    poll_fn(|cx| checks.poll(cx)).await
}

impl<'a> Checks<'a> {
    pub(crate) fn new(lead: &'a Lead, stale: &'a Stale) -> Self {
        let mut waiting: Vec<u32> = stale.dirty.iter().collect();
        waiting.sort_by_key(|&number| stale.memo.edges.after(number));
        let mut waiting = waiting.into_iter();
        let next = waiting.next();
        Checks {
            lead,
            stale,
            waiting,
            next,
            unknown: stale.dirty.clone(),
            known: 0,
            live: FuturesUnordered::new(),
        }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Checked> {
        loop {
            let answer = match self.startable() {
                Some(number) => match self.start(number, cx) {
                    Poll::Ready(answer) => answer,
                    Poll::Pending => continue,
                },
                None => match self.live.poll_next_unpin(cx) {
                    Poll::Ready(Some(answer)) => answer,
                    Poll::Ready(None) => return Poll::Ready(Checked::Unchanged),
                    Poll::Pending if self.given_up(cx) => return Poll::Ready(Checked::Changed),
                    Poll::Pending => return Poll::Pending,
                },
            };
            if !self.take(answer) && !planted("change-ignored") {
                return Poll::Ready(Checked::Changed);
            }
        }
    }

    /// Whether somebody waits for this update whom a check waits for: then the body has to run,
    /// and may not ask for that. Notes whom to wake when it comes to that.
    fn given_up(&self, cx: &Context<'_>) -> bool {
        let waker = cx.waker().clone();
        let mut waits = self.lead.claim().waits.lock();
        let before = waits.driver.replace(waker);
        let given_up = waits.give_up;
        drop(waits);
        discard(before);
        given_up
    }

    /// The next edge whose call is known to be made again.
    fn startable(&mut self) -> Option<u32> {
        let number = self.next?;
        self.known = self.unknown.first(self.known).unwrap_or(u32::MAX);
        let known = self.known;
        if self.stale.memo.edges.after(number) > known && !planted("after-ignored") {
            return None;
        }
        self.next = self.waiting.next();
        Some(number)
    }

    /// Starts a check; most end at once, and the others join those in flight.
    fn start(&self, number: u32, cx: &mut Context<'_>) -> Poll<Answer> {
        let mut check = Check::new(self.lead, self.stale, number);
        let polled = check.poll(cx);
        if polled.is_pending() {
            self.live.push(check);
        }
        polled
    }

    /// Takes up an answer: subscribes to an unchanged dependency again. False if it changed.
    fn take(&mut self, (number, edge, seen): Answer) -> bool {
        if planted("failed-check-is-no-change") && seen.is_none() {
            return true;
        }
        let Some(seen) = seen.filter(|seen| !seen.changed_since(self.stale.dirty_at)) else {
            return false;
        };
        confirm(self.lead, edge, number, &seen);
        self.unknown.remove(number);
        true
    }
}

/// The number of an edge, the edge, and what it leads to now: `None` if that failed or is gone.
type Answer = (u32, Edge, Option<Seen>);

/// The check of one edge.
struct Check<'a> {
    lead: &'a Lead,
    number: u32,
    edge: Edge,
    /// `None` once the slot is another node's.
    fetch: Option<Fetch>,
}

impl<'a> Check<'a> {
    fn new(lead: &'a Lead, stale: &Stale, number: u32) -> Self {
        let edge = stale
            .memo
            .edges
            .get(number)
            .expect("a dirty edge is an edge of its memo");
        let memo = lead.asker.engine.store.memo(edge);
        let fetch = memo.map(|memo| Fetch::new(edge, memo.bound.clone(), true));
        Check {
            lead,
            number,
            edge,
            fetch,
        }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Answer> {
        let Some(fetch) = &mut self.fetch else {
            return Poll::Ready((self.number, self.edge, None));
        };
        // A failure inside a check is not the asker's: the body may not ask for this any more.
        fetch
            .poll(&self.lead.asker, cx)
            .map(|seen| (self.number, self.edge, seen.ok()))
    }
}

impl Future for Check<'_> {
    type Output = Answer;

    fn poll(mut self: std::pin::Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Answer> {
        Check::poll(&mut self, cx)
    }
}

/// Takes up an unchanged dependency: subscribes to it again.
fn confirm(lead: &Lead, edge: Edge, number: u32, seen: &Seen) {
    let (engine, slot) = (&lead.asker.engine, lead.edge.slot);
    if let Some(record) = lead.node().state.lock().record(lead.claim()) {
        record.note(seen.taken());
    }
    let reader = ReverseEdge {
        reader: slot,
        number,
    };
    let next = engine.subscribe(edge, reader, lead.revision());
    if next != Revision::NEVER {
        engine.hear(slot, lead.claim(), number, next);
    }
}
