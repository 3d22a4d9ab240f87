//! What one running update has read, and what it has heard of changes meanwhile.
//!
//! A record stands at its node, under the node's lock, from the claim to the release; so
//! propagation, which comes to the node, finds the reads of updates that are still running.

use crate::bug::planted;
use crate::node::claim::Claim;
use crate::node::dirty::DirtyEdges;
use crate::node::edge::{Edge, EdgeList, Edges};
use crate::node::end::Shared;
use crate::node::memo::{Memo, Standing, Taken};
use crate::node::waited::{Tally, Waited};
use crate::revision::Revision;
use crate::sync::{Counted, Instant, Thin};

pub(crate) struct Record {
    pub(crate) claim: Thin<Claim>,
    /// Runs for its reader alone: hears of no change and reports no read.
    pub(crate) alone: bool,
    /// The first revision at which something it read is known to change.
    pub(crate) pending: Revision,
    /// Which of its edges that was said of.
    pub(crate) dirty: DirtyEdges,
    /// The latest `valid_from` of what it read.
    pub(crate) valid_from: Revision,
    /// The least standing of what it read.
    pub(crate) standing: Standing,
    /// It read the outside world: its value holds at its revision only.
    pub(crate) volatile: bool,
    /// Until when its value may be kept.
    pub(crate) expires_at: Option<Instant>,
    /// Whether what it read first can lend its end.
    pub(crate) is_link: bool,
    /// What it read first has lent it.
    pub(crate) loan: Loan,
    reads: Reads,
    /// What it has read for a while, and does no more. Kept: a value may go with it, which must not happen under the lock.
    left: Option<Counted<Memo>>,
    /// What it has waited for, if it ever had to.
    waits: Option<Box<Tally>>,
    /// The next of the records that stand at the node.
    next: Option<Box<Record>>,
}

/// The end of what an update read first. If it reads nothing else, that is the end of its own value too.
#[derive(Default)]
pub(crate) enum Loan {
    /// There is none to be shared.
    #[default]
    None,
    /// The read is subscribed to like any other.
    Beside(Counted<Shared>),
    /// It is not: the end says all there is to hear, as long as nothing else is read.
    Instead(Counted<Shared>),
}

/// The edges that propagation may report to a running update.
enum Reads {
    /// While it validates: those of the memo it validates.
    Old(Counted<Memo>),
    /// While it executes and reads what this memo read, in the same order: as many of its edges as the claim counts.
    Again(Counted<Memo>),
    /// While it executes: those it has made so far.
    New(EdgeList),
}

impl Record {
    /// The record of an update that begins with a check of `memo`.
    pub(crate) fn validating(claim: Thin<Claim>, memo: Counted<Memo>) -> Self {
        Record {
            reads: Reads::Old(memo),
            ..Record::executing(claim, false)
        }
    }

    /// The record of an update that runs the body.
    pub(crate) fn executing(claim: Thin<Claim>, alone: bool) -> Self {
        Record {
            claim,
            alone,
            pending: Revision::NEVER,
            dirty: DirtyEdges::default(),
            valid_from: Revision::FIRST,
            standing: if alone {
                Standing::Private
            } else {
                Standing::Published
            },
            volatile: false,
            expires_at: None,
            is_link: false,
            loan: Loan::None,
            reads: Reads::New(EdgeList::default()),
            left: None,
            waits: None,
            next: None,
        }
    }

    pub(crate) fn next(&self) -> Option<&Record> {
        self.next.as_deref()
    }

    /// Where the next one stands.
    pub(crate) fn link(&mut self) -> &mut Option<Box<Record>> {
        &mut self.next
    }

    /// The check found a change: what was heard of the old edges is forgotten.
    pub(crate) fn restart(&mut self) {
        let mut waits = self.waits.take();
        if let Some(tally) = &mut waits {
            tally.leave();
        }
        *self = Record {
            waits,
            next: self
                .next
                .take()
                .filter(|_| !planted("restart-loses-the-next")),
            ..Record::executing(self.claim.clone(), self.alone)
        };
    }

    pub(crate) fn edge(&self, number: u32) -> Option<Edge> {
        match &self.reads {
            Reads::Old(memo) => memo.read(number),
            Reads::Again(memo) => {
                let is_read = number < self.claim.again.count();
                is_read.then(|| memo.read(number)).flatten()
            }
            Reads::New(edges) => edges.get(number),
        }
    }

    /// Adds the read of a value, in the critical section that numbers it. `None`: it was read before.
    /// `old` is the memo in place.
    pub(crate) fn read(
        &mut self,
        edge: Edge,
        after: u32,
        taken: Taken,
        old: Option<&Memo>,
    ) -> Option<u32> {
        self.note(taken);
        if self.alone {
            return None;
        }
        if self.reads_again(edge, after) {
            return Some(after);
        }
        let edges = self.edges()?;
        let expected = old.and_then(|old| old.read(edges.len()));
        let number = edges.push(edge, after, expected)?;
        self.claim.again.set(number + 1);
        Some(number)
    }

    /// From now on it reads `memo` again, which is in place. Of one that has read nothing.
    pub(crate) fn follow(&mut self, memo: &Counted<Memo>) {
        self.reads = Reads::Again(memo.clone());
        self.claim.again.open();
    }

    /// Whether what it reads, `after` so many, is what was read there before. Then it is counted.
    fn reads_again(&self, edge: Edge, after: u32) -> bool {
        let Reads::Again(memo) = &self.reads else {
            return false;
        };
        memo.read(after) == Some(edge) && self.claim.again.step(after)
    }

    /// Its edges while it executes, one by one.
    fn edges(&mut self) -> Option<&mut EdgeList> {
        if matches!(self.reads, Reads::Again(_)) {
            self.stray();
        }
        match &mut self.reads {
            Reads::New(edges) => Some(edges),
            Reads::Old(_) | Reads::Again(_) => None,
        }
    }

    /// It reads something else than before.
    #[cold]
    fn stray(&mut self) {
        let count = self.claim.again.close() as usize;
        if let Reads::Again(memo) =
            std::mem::replace(&mut self.reads, Reads::New(EdgeList::default()))
        {
            let before = memo.edges();
            self.reads = Reads::New(EdgeList::of(&before[..count], before.len()));
            self.left = Some(memo);
        }
    }

    /// No read of it is counted without the lock from now on.
    pub(crate) fn close(&self) {
        self.claim.again.close();
    }

    /// The same, for the one that is taken off its node.
    pub(crate) fn seal(&mut self) {
        self.close();
        self.valid_from = self.valid_from.max(self.claim.again.valid_from());
    }

    /// Takes up that a node was called which has failed, for a run that may handle that: its value is stored nowhere.
    pub(crate) fn call(&mut self, edge: Edge) {
        if let Some(edges) = self.edges() {
            edges.push(edge, edges.len(), None);
            self.standing = Standing::Passing;
        }
    }

    /// Takes up what is known of a value that was read or checked.
    pub(crate) fn note(&mut self, taken: Taken) {
        self.standing = self.standing.max(taken.standing);
        if taken.standing == Standing::Published {
            self.valid_from = self.valid_from.max(taken.valid_from);
        }
    }

    /// Takes up that edge `number` changes at `revision`. True if that is earlier than known.
    pub(crate) fn hear(&mut self, number: u32, revision: Revision) -> bool {
        self.dirty.insert(number);
        let earlier = revision < self.pending;
        self.pending = self.pending.min(revision);
        earlier
    }

    /// The first revision at which what it has read is known to change.
    pub(crate) fn next_change(&self) -> Revision {
        match &self.loan {
            Loan::Instead(end) if !planted("end-unasked") => self.pending.min(end.at()),
            _ => self.pending,
        }
    }

    /// Whether its value will have an end of its own, though it has not subscribed to what it read. Of a value that is the
    /// `same` as before.
    pub(crate) fn has_to_subscribe(&self, same: bool) -> bool {
        let ends_by_itself = same || self.volatile || self.expires_at.is_some();
        self.is_unsubscribed() && ends_by_itself && !planted("subscription-put-off")
    }

    /// Whether all there is to hear of its read is what the end says.
    pub(crate) fn is_unsubscribed(&self) -> bool {
        matches!(self.loan, Loan::Instead(_))
    }

    /// What it waits for, to be added to.
    pub(crate) fn tally(&mut self) -> &mut Tally {
        self.waits.get_or_insert_default()
    }

    /// What there is to keep of its waits when it settles.
    pub(crate) fn waited(&mut self) -> Option<Box<Waited>> {
        self.waits.take()?.finish(self.claim.revision)
    }

    /// The reads of a finished execution.
    pub(crate) fn finish(&mut self) -> Edges {
        match &mut self.reads {
            Reads::New(edges) => std::mem::take(edges).finish(),
            Reads::Again(memo) => {
                let count = self.claim.again.count() as usize;
                Edges::in_a_row(&memo.edges()[..count])
            }
            Reads::Old(_) => Edges::default(),
        }
    }
}
