//! A claim: the right to bring one node up to date at one revision.
//!
//! Who wants the same node at the same revision waits for the claim and takes the result from
//! it, not from the node, which may have moved on. A release says why, and happens once.
//! Claims also hold the waits-for graph: each names the claims its update waits for now. All of
//! them are of the same revision, since a request waits across revisions only for older claims.

use std::task::Waker;

use crate::error::QueryError;
use crate::node::bound::Bound;
use crate::node::memo::Seen;
use crate::revision::Revision;
use crate::sync::{Arc, Mutex};

pub(crate) struct Claim {
    pub(crate) bound: Arc<Bound>,
    pub(crate) revision: Revision,
    outcome: Mutex<Outcome>,
    /// The claims this claim's update waits for. Leaf lock.
    waits: Mutex<Vec<Arc<Claim>>>,
}

struct Outcome {
    release: Option<Release>,
    /// A waiter's number is its place, so that it finds its waker again.
    waiters: Vec<Option<Waker>>,
}

/// Why a claim ended.
#[derive(Clone)]
pub(crate) enum Release {
    /// The value at the claim's revision, published or private.
    Ready(Seen),
    /// The body or user code failed; it goes to every waiter, and nothing is stored.
    Failed(QueryError),
    /// The update was dropped; whoever still wants the value asks again.
    Aborted,
}

/// A place among a claim's waiters.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ticket(usize);

impl Claim {
    pub(crate) fn new(bound: Arc<Bound>, revision: Revision) -> Arc<Self> {
        let outcome = Mutex::new(Outcome {
            release: None,
            waiters: Vec::new(),
        });
        Arc::new(Claim {
            bound,
            revision,
            outcome,
            waits: Mutex::new(Vec::new()),
        })
    }

    /// How the claim ended, or `None` after noting whom to wake when it does, or when its
    /// update hears of a change. Spurious wakes are possible.
    pub(crate) fn poll(&self, ticket: &mut Option<Ticket>, waker: &Waker) -> Option<Release> {
        // The waker is user-reachable code: it is cloned and dropped outside the lock.
        let mut waker = Some(waker.clone());
        let mut outcome = self.outcome.lock();
        if let Some(release) = &outcome.release {
            return Some(release.clone());
        }
        let place = ticket.get_or_insert(Ticket(outcome.waiters.len())).0;
        if place == outcome.waiters.len() {
            outcome.waiters.push(None);
        }
        std::mem::swap(&mut outcome.waiters[place], &mut waker);
        drop(outcome);
        None
    }

    /// Takes a waiter out.
    pub(crate) fn leave(&self, ticket: Ticket) {
        let waker = self
            .outcome
            .lock()
            .waiters
            .get_mut(ticket.0)
            .and_then(Option::take);
        drop(waker);
    }

    /// Ends the claim and wakes its waiters. The first release counts.
    pub(crate) fn release(&self, release: Release) {
        let mut outcome = self.outcome.lock();
        if outcome.release.is_some() {
            return;
        }
        outcome.release = Some(release);
        let waiters = std::mem::take(&mut outcome.waiters);
        drop(outcome);
        waiters.into_iter().flatten().for_each(Waker::wake);
    }

    pub(crate) fn outcome(&self) -> Option<Release> {
        self.outcome.lock().release.clone()
    }

    /// Wakes the waiters to look again: newer readers no longer wait for an update that has
    /// heard of a change.
    pub(crate) fn nudge(&self) {
        let mut outcome = self.outcome.lock();
        let waiters: Vec<Waker> = outcome
            .waiters
            .iter_mut()
            .filter_map(Option::take)
            .collect();
        drop(outcome);
        waiters.into_iter().for_each(Waker::wake);
    }

    pub(crate) fn add_wait(&self, wanted: Arc<Claim>) {
        self.waits.lock().push(wanted);
    }

    pub(crate) fn remove_wait(&self, wanted: &Arc<Claim>) {
        let mut waits = self.waits.lock();
        let found = waits.iter().position(|each| Arc::ptr_eq(each, wanted));
        let removed = found.map(|place| waits.swap_remove(place));
        drop(waits);
        drop(removed);
    }

    pub(crate) fn waits(&self) -> Vec<Arc<Claim>> {
        self.waits.lock().clone()
    }
}
