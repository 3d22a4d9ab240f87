//! Validation: bring the dirty edges up to date, each as soon as a fresh run would ask for it,
//! and stop at the first that changed.
//!
//! Clean edges are never visited: they are registered, so a change of theirs would have been
//! heard. An edge knows how many values had arrived when its query was called; once those are
//! known unchanged, the call is known to be made again, so it may be checked. What was awaited in
//! a row is thus checked in a row, and what was joined is checked together.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_util::stream::{FuturesUnordered, StreamExt};

use crate::bug::planted;
use crate::node::dirty::DirtyEdges;
use crate::node::edge::{Edge, ReverseEdge};
use crate::node::memo::Seen;
use crate::revision::Revision;
use crate::runtime::awaiting::Awaiting;
use crate::runtime::fetch::Fetch;
use crate::runtime::guard::discard;
use crate::runtime::update::{Lead, Stale};

pub(crate) enum Checked {
    /// Everything the memo was made from is as it was.
    Unchanged,
    /// Something is not, or is gone, or fails: run the body, which will see for itself. Says which,
    /// if that was found out.
    Changed(Option<Edge>),
}

/// The checks of one validation. When it is given up what is in flight may go on, for a fresh
/// run makes those calls too: keep it until the run has ended.
pub(crate) struct Checks {
    stale: Stale,
    /// Whether what is dirty below may be descended from.
    descends: bool,
    /// The edges to check, sorted by how many values had arrived at their call; without `next`.
    waiting: std::vec::IntoIter<u32>,
    /// The next of them.
    next: Option<u32>,
    /// Edges that are not known to be unchanged.
    unknown: DirtyEdges,
    /// There is none of them below this.
    known: u32,
    /// The checks that have to wait, if any ever did.
    live: Option<FuturesUnordered<Check>>,
}

impl Checks {
    pub(crate) fn new(stale: Stale, descends: bool) -> Self {
        let (next, waiting) = in_order(&stale);
        Checks {
            waiting,
            next,
            unknown: stale.dirty.clone(),
            known: 0,
            live: None,
            stale,
            descends,
        }
    }

    pub(crate) fn stale(&self) -> &Stale {
        &self.stale
    }

    /// Checks until the answer is known.
    pub(crate) fn poll(&mut self, lead: &Lead, cx: &mut Context<'_>) -> Poll<Checked> {
        loop {
            let answer = match self.startable() {
                Some(number) => match self.start(lead, number, cx) {
                    Poll::Ready(answer) => answer,
                    Poll::Pending => continue,
                },
                None => match self.poll_live(cx) {
                    Poll::Ready(Some(answer)) => answer,
                    Poll::Ready(None) => return Poll::Ready(Checked::Unchanged),
                    Poll::Pending if given_up(lead, cx) => {
                        return Poll::Ready(Checked::Changed(None));
                    }
                    Poll::Pending => return Poll::Pending,
                },
            };
            let edge = answer.1;
            if !self.take(lead, answer) && !planted("change-ignored") {
                return Poll::Ready(Checked::Changed(Some(edge)));
            }
        }
    }

    fn poll_live(&mut self, cx: &mut Context<'_>) -> Poll<Option<Answer>> {
        match &mut self.live {
            Some(live) => live.poll_next_unpin(cx),
            None => Poll::Ready(None),
        }
    }

    /// The next edge whose call is known to be made again.
    fn startable(&mut self) -> Option<u32> {
        let number = self.next?;
        self.known = self.unknown.first(self.known).unwrap_or(u32::MAX);
        let known = self.known;
        if self.stale.after(number) > known && !planted("after-ignored") {
            return None;
        }
        self.next = self.waiting.next();
        Some(number)
    }

    /// Starts a check; most end at once, and the others join those in flight.
    fn start(&mut self, lead: &Lead, number: u32, cx: &mut Context<'_>) -> Poll<Answer> {
        let edge = self.stale.memo.read(number);
        let edge = edge.expect("a dirty edge is an edge of its memo");
        // None once the slot is another node's.
        let Some(memo) = lead.asker().engine().store.memo(edge) else {
            return Poll::Ready((number, edge, None));
        };
        let mut fetch = Fetch::check(edge, memo.bound.clone(), self.descends);
        drop(memo);
        if let Poll::Ready(seen) = fetch.poll(lead.asker(), cx) {
            return Poll::Ready((number, edge, seen.ok()));
        }
        self.live.get_or_insert_default().push(Check {
            number,
            awaiting: Awaiting::new(fetch, lead.frame.clone()),
        });
        Poll::Pending
    }

    /// Takes up an answer: subscribes to an unchanged dependency again. False if it changed.
    fn take(&mut self, lead: &Lead, (number, edge, seen): Answer) -> bool {
        if planted("failed-check-is-no-change") && seen.is_none() {
            return true;
        }
        let Some(seen) = seen.filter(|seen| !seen.changed_since(self.stale.dirty_at)) else {
            return false;
        };
        confirm(lead, &self.stale, edge, number, &seen);
        self.unknown.remove(number);
        true
    }
}

/// The dirty edges in the order of checking: the first, and the others.
fn in_order(stale: &Stale) -> (Option<u32>, std::vec::IntoIter<u32>) {
    if let Some(only) = stale.dirty.only() {
        return (Some(only), Vec::new().into_iter());
    }
    let mut numbers: Vec<u32> = stale.dirty.iter().collect();
    numbers.sort_by_key(|&number| stale.after(number));
    let mut numbers = numbers.into_iter();
    (numbers.next(), numbers)
}

/// The number of an edge, the edge, and what it leads to now: `None` if that failed or is gone.
type Answer = (u32, Edge, Option<Seen>);

/// The check of one edge that has to wait.
struct Check {
    number: u32,
    awaiting: Awaiting,
}

impl Future for Check {
    type Output = Answer;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Answer> {
        // A failure inside a check is not the asker's: the body may not ask for this any more.
        let seen = ready!(self.awaiting.poll(cx));
        Poll::Ready((self.number, self.awaiting.edge(), seen.ok()))
    }
}

/// Whether somebody waits for this update whom a check waits for: then the body has to run,
/// and may not ask for that. Notes whom to wake when it comes to that.
fn given_up(lead: &Lead, cx: &Context<'_>) -> bool {
    let waker = cx.waker().clone();
    let mut waits = lead.claim().waits().lock();
    let before = waits.driver.replace(waker);
    let given_up = waits.give_up;
    drop(waits);
    discard(before);
    given_up
}

/// Takes up an unchanged dependency: subscribes to it again.
fn confirm(lead: &Lead, stale: &Stale, edge: Edge, number: u32, seen: &Seen) {
    let (engine, slot) = (lead.asker().engine(), lead.edge.slot);
    if let Some(record) = lead.node().state.lock().record(lead.claim()) {
        record.note(seen.taken());
    }
    if stale.memo.end.is_borrowed() && stale.memo.covers(lead.revision()) {
        // Who lends it its end has opened that again.
        return;
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
