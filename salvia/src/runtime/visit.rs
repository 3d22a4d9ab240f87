//! One node on the way of a descent: what its next dirty edge calls for, and its renewal.

use crate::bug::planted;
use crate::node::bound::{Bound, Work};
use crate::node::dirty::DirtyEdges;
use crate::node::edge::{Edge, ReverseEdge};
use crate::node::end::Shared;
use crate::node::interval::{Interval, joined};
use crate::node::memo::Memo;
use crate::node::state::State;
use crate::revision::Revision;
use crate::runtime::asker::Asker;
use crate::runtime::update::Change;
use crate::sync::Counted;

/// A dirty node, as it was when the descent came by.
pub(crate) struct Visit {
    pub(crate) edge: Edge,
    pub(crate) memo: Counted<Memo>,
    dirty_at: Revision,
    /// The edges still to check.
    dirty: DirtyEdges,
    /// How often the node had been told something.
    tells: u32,
    /// The latest `valid_from` of what was checked.
    valid_from: Revision,
    /// Whose end the memo borrows, as long as that may be opened again.
    owner: Option<Edge>,
    /// The end of what it read, to be borrowed from now on.
    lent: Option<Counted<Shared>>,
    /// It stands for good among the readers of what it read.
    is_listed: bool,
}

/// What the next dirty edge of a visited node calls for.
pub(crate) enum Step {
    /// It is unchanged: on to the next.
    Next,
    /// The visited node is right again, since who lends it its end is.
    Right,
    /// What it leads to is dirty too.
    Down(Visit),
    /// What the edge leads to has to run.
    Run(Edge, Bound),
    /// The visited node itself has to, since this edge of it has changed.
    Changed(Edge),
    /// Not a case for a descent.
    Stop,
}

impl Step {
    /// Whether a body may run for it.
    pub(crate) fn runs(&self) -> bool {
        matches!(self, Step::Run(..) | Step::Changed(_))
    }
}

impl Visit {
    pub(crate) fn open(asker: &Asker, edge: Edge) -> Option<Self> {
        let state = asker.engine().store.node(edge.slot).state.lock();
        Visit::of(&state, edge, asker.revision())
    }

    /// Takes up a node, if it has been run before, is dirty, and nobody is at it.
    fn of(state: &State, edge: Edge, revision: Revision) -> Option<Self> {
        let memo = state.memo()?;
        let Interval {
            valid_from,
            dirty_at,
        } = memo.interval();
        let is_plain = memo.finding().is_some()
            && valid_from <= revision
            && dirty_at <= revision
            && memo.edge(edge.slot) == edge
            && !memo.mark().is_volatile()
            && matches!(memo.bound.kind().work, Work::Query(_))
            && state.records().next().is_none();
        is_plain.then(|| Visit {
            edge,
            memo: memo.clone(),
            dirty_at,
            dirty: state.dirty(),
            tells: state.tells(),
            valid_from: Revision::FIRST,
            owner: memo.end.lent_by(),
            lent: None,
            is_listed: state.is_listed(),
        })
    }

    /// What is left to do when an edge has changed.
    pub(crate) fn changed(self, edge: Edge) -> Change {
        Change {
            memo: self.memo,
            dirty_at: self.dirty_at,
            edge,
        }
    }

    /// What there is to do about the next dirty edge. `None` if none is left.
    pub(crate) fn step(&mut self, asker: &Asker) -> Option<Step> {
        if let Some(owner) = self.owner {
            return Some(self.look_at_owner(asker, owner));
        }
        let number = self.dirty.first(0)?;
        Some(self.look(asker, number).unwrap_or(Step::Stop))
    }

    /// Looks at who lends the end that the memo borrows: what is between them is right when that is. All that is between them
    /// reads one thing first and nothing else, so that a fresh run would come by it too.
    fn look_at_owner(&mut self, asker: &Asker, owner: Edge) -> Step {
        let revision = asker.revision();
        if self.memo.covers(revision) {
            asker.engine().validated(&self.memo.bound, revision);
            return Step::Right;
        }
        let state = asker.engine().store.node(owner.slot).state.lock();
        let lender = state.memo();
        let lender = lender.filter(|lender| self.memo.end.borrows_like(&lender.end));
        match lender {
            Some(lender) if !lender.covers(revision) => {
                let below = Visit::of(&state, owner, revision).map(Step::Down);
                below.unwrap_or_else(|| Step::Run(owner, lender.bound.clone()))
            }
            // It is over. (Or was opened just now: then this node is found moved when it is to be renewed.)
            _ => {
                self.owner = None;
                Step::Next
            }
        }
    }

    /// Looks where edge `number` leads to, and subscribes there if that is right and unchanged: in one critical section.
    fn look(&mut self, asker: &Asker, number: u32) -> Option<Step> {
        let edge = self.memo.read(number)?;
        let revision = asker.revision();
        let mut state = asker.engine().store.node(edge.slot).state.lock();
        let memo = state.memo()?;
        if memo.edge(edge.slot) != edge && !planted("generation-ignored") {
            return Some(Step::Changed(edge));
        }
        let wants_value = planted("check-wants-value");
        if !memo.covers(revision) || wants_value && memo.value().is_none() {
            let below = Visit::of(&state, edge, revision).map(|mut below| {
                // Nor will it be for this one.
                below.owner = below.owner.filter(|_| !self.borrows_like(&below));
                Step::Down(below)
            });
            return Some(below.unwrap_or_else(|| Step::Run(edge, memo.bound.clone())));
        }
        let is_open = memo.interval().dirty_at == Revision::NEVER;
        let valid_from = self.finds(memo);
        let Some(valid_from) = valid_from else {
            return Some(Step::Changed(edge));
        };
        if !is_open {
            return None;
        }
        if self.memo.end.is_borrowed() {
            self.lent = memo.lend(edge);
        }
        let lender = memo.end.lender().filter(|_| self.lent.is_none());
        let full = match self.lent {
            Some(_) if self.is_listed => false,
            Some(_) => state.readers.add(ReverseEdge::listed(self.edge.slot)),
            None => state.readers.add(self.reader(number)),
        };
        drop(state);
        if full {
            asker.engine().compact(edge);
        }
        if let Some(end) = lender
            && asker.engine().subscribe_via(edge.slot, &end, revision) != Revision::NEVER
        {
            return None;
        }
        self.checked(number, valid_from);
        Some(Step::Next)
    }

    /// Whether another memo borrows the same end.
    fn borrows_like(&self, other: &Visit) -> bool {
        self.memo.end.borrows_like(&other.memo.end)
    }

    /// Since when a memo is right that is unchanged; `None` if it has changed.
    fn finds(&self, memo: &Memo) -> Option<Revision> {
        (!memo.changed_since(self.dirty_at)).then(|| memo.interval().valid_from)
    }

    fn reader(&self, number: u32) -> ReverseEdge {
        ReverseEdge {
            reader: self.edge.slot,
            number,
        }
    }

    /// Edge `number` is unchanged, and subscribed to.
    fn checked(&mut self, number: u32, valid_from: Revision) {
        self.valid_from = self.valid_from.max(valid_from);
        self.dirty.remove(number);
    }

    /// Opens the interval again: all that was dirty is unchanged and subscribed to. False if
    /// anything came in between. In the same critical section subscribes the visit `above`, which has come for this one.
    pub(crate) fn renew(&self, asker: &Asker, above: Option<&mut Visit>) -> bool {
        let past = Interval {
            dirty_at: self.dirty_at,
            ..self.memo.interval()
        };
        let valid_from = joined(past, self.valid_from);
        let is_unmoved = |state: &State| {
            state.has(&self.memo)
                && state.tells() == self.tells
                && self.memo.interval().dirty_at == self.dirty_at
                && !self.memo.mark().is_volatile()
                && state.records().next().is_none()
        };
        // What has changed before this revision it finds for itself, and it looks for an end to borrow.
        let borrows = |visit: &Visit| visit.memo.end.is_borrowed();
        let is_unchanged = |above: &&mut Visit| {
            above.finds(&self.memo).is_some() && !borrows(above) && self.lent.is_none()
        };
        let above = above.filter(|above| is_unchanged(above) || planted("change-above-missed"));
        let reader = above.as_ref().and_then(|above| {
            let number = above.dirty.first(0)?;
            Some(above.reader(number))
        });
        let engine = asker.engine();
        let is_renewed = engine.reopen(
            self.edge,
            &self.memo,
            valid_from,
            self.lent.clone(),
            reader,
            is_unmoved,
        );
        if is_renewed {
            if let (Some(above), Some(reader)) = (above, reader) {
                above.checked(reader.number, valid_from);
            }
            engine.validated(&self.memo.bound, asker.revision());
            engine.sweep_again(self.edge, &self.memo.bound);
        }
        is_renewed
    }
}
