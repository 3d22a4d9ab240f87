//! Subscriptions: being told when what was read changes.
//!
//! Taking a subscription is one critical section with the look at the dependency's interval: a
//! change is either seen in that look, or it comes later and finds the subscription.

use crate::bug::planted;
use crate::node::claim::Claim;
use crate::node::edge::{Edge, ReverseEdge};
use crate::node::end::Shared;
use crate::node::memo::Memo;
use crate::node::state::State;
use crate::revision::Revision;
use crate::runtime::engine::Engine;
use crate::runtime::guard::wake;
use crate::sync::{Counted, HashSet, MutexGuard, Thin};

impl Engine {
    /// Asks to tell `reader` when the node of `edge` changes after `revision`, and says when that
    /// is known to be. A node that has moved on meanwhile is known good at `revision` only.
    pub(crate) fn subscribe(
        &self,
        edge: Edge,
        reader: ReverseEdge,
        revision: Revision,
    ) -> Revision {
        let node = self.store.node(edge.slot);
        let early = planted("look-before-subscribing").then(|| self.early_look(edge, revision));
        let mut state = node.state.lock();
        if let Some(next) = early {
            state.readers.add(reader);
            return next;
        }
        let known = |memo: &&Counted<Memo>| {
            memo.bound.generation() == edge.generation || planted("generation-ignored")
        };
        let Some(memo) = state.memo().filter(known) else {
            return revision.next();
        };
        if !memo.covers(revision) {
            if planted("moved-on-unnoticed") {
                return Revision::NEVER;
            }
            let older = state.older_at(revision);
            return older.map_or(revision.next(), |pair| pair.interval().dirty_at);
        }
        let next = memo.interval().dirty_at;
        if next != Revision::NEVER {
            return next;
        }
        let lender = memo.end.lender();
        let full = state.readers.add(reader);
        drop(state);
        if full {
            self.compact(edge);
        }
        lender.map_or(next, |end| self.subscribe_via(edge.slot, &end, revision))
    }

    /// Asks the owner of an end to tell the readers of `borrower` when it is moved after `revision`, once one stands among them.
    /// Says when that is known to be.
    pub(crate) fn subscribe_via(
        &self,
        borrower: u32,
        end: &Shared,
        revision: Revision,
    ) -> Revision {
        let owner = end.owner;
        let mut state = self.store.node(owner.slot).state.lock();
        let next = end.at();
        if next != Revision::NEVER {
            return next;
        }
        if !state.memo().is_some_and(|memo| memo.end.owns(end)) {
            return revision.next();
        }
        let full = !planted("via-untold") && state.readers.add(ReverseEdge::via(borrower));
        drop(state);
        if full {
            self.compact(owner);
        }
        next
    }

    /// Puts a node that borrows its end among the readers of what it has read. False if that is gone.
    pub(crate) fn list(&self, edge: Edge, borrower: u32) -> bool {
        let mut state = self.store.node(edge.slot).state.lock();
        let is_there = state.is(edge);
        let full = is_there && state.readers.add(ReverseEdge::listed(borrower));
        drop(state);
        if full {
            self.compact(edge);
        }
        is_there
    }

    /// The planted bug of a look outside the section in which it subscribes.
    fn early_look(&self, edge: Edge, revision: Revision) -> Revision {
        let look = || {
            let memo = self.store.node(edge.slot).look();
            memo.as_ref().map(|memo| memo.next_change(revision))
        };
        let next = look();
        // Long enough for a commit to come between, as it would now and then.
        for _ in 0..20 {
            if look() == next {
                std::thread::sleep(std::time::Duration::from_millis(1));
            }
        }
        next.unwrap_or(revision.next())
    }

    /// Tells the update under `claim` that its edge `number` changes at `next`.
    pub(crate) fn hear(&self, slot: u32, claim: &Thin<Claim>, number: u32, next: Revision) {
        let mut state = self.store.node(slot).state.lock();
        let earlier = state
            .record(claim)
            .is_some_and(|record| record.hear(number, next));
        drop(state);
        if earlier && !planted("change-wakes-nobody") {
            wake(claim.waiters());
        }
    }

    /// Takes repeated and outdated entries out of a node's reverse edges. Holds one lock at a
    /// time: an entry found outdated can come to life again only by being entered anew, behind
    /// the part of the list that was looked at. False if the list was replaced meanwhile, and is worth another look.
    pub(crate) fn compact(&self, edge: Edge) -> bool {
        let node = self.store.node(edge.slot);
        let begin = |mut state: MutexGuard<'_, State>| {
            let is_it = state.is(edge);
            is_it.then(|| state.readers.begin_compaction()).flatten()
        };
        let Some(looked_at) = begin(node.state.lock()) else {
            return true;
        };
        let mut alive: HashSet<ReverseEdge> = HashSet::default();
        for entry in looked_at.all() {
            if !alive.contains(&entry) && self.reads(entry, edge) {
                alive.insert(entry);
            }
        }
        let mut state = node.state.lock();
        // Or the list is another node's by now.
        let is_it = state.is(edge);
        !is_it || state.readers.end_compaction(&looked_at, alive.into_iter())
    }

    /// Whether the reader named by a reverse edge still reads the node of `edge` there.
    fn reads(&self, entry: ReverseEdge, edge: Edge) -> bool {
        let state = self.store.node(entry.reader).state.lock();
        if entry.is_via() {
            return state.reads_via(edge);
        }
        if entry.is_listed() {
            return state.is_listed_at(edge);
        }
        state.reads(entry.number, edge)
    }
}
