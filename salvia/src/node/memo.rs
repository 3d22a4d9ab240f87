//! A memo: a value, when it last changed, for which revisions it is right, what it read.
//!
//! Of what a reader compares only `dirty_at` changes once there is a value, and only under its
//! node's lock, or that of the node whose end it borrows; so a reader that loaded the memo may compare without a lock. At every instant the
//! interval is true: it is closed before the revision that ends it is published, and opened again
//! only after a check.

use crate::bug::planted;
use crate::node::bound::Bound;
use crate::node::edge::{Edge, Edges};
use crate::node::end::{End, Shared, Until};
use crate::node::interval::Interval;
use crate::revision::Revision;
use crate::sync::{AtomicU32, Counted, MarkedCell, Ordering, step};
use crate::value::Value;

pub(crate) struct Memo {
    pub(crate) bound: Bound,
    /// Its `dirty_at`.
    pub(crate) end: End,
    /// Filled under the node's lock, when the node's first update has ended, and marked there, but for the bit of a first memo.
    /// Beside it the tick in which the value was last taken.
    finding: MarkedCell<Finding, AtomicU32>,
}

/// What an update has found.
#[derive(Clone)]
pub(crate) struct Finding {
    /// `None` of what has no value to give: a watch, or a node whose value was evicted.
    pub(crate) value: Option<Value>,
    /// Since when the value has been equal to this one, as far as anybody looked.
    pub(crate) changed_at: Revision,
    pub(crate) valid_from: Revision,
    pub(crate) edges: Edges,
}

impl Finding {
    /// What a reader at a revision it is right at notes.
    #[inline]
    pub(crate) fn taken(&self) -> Taken {
        Taken {
            valid_from: self.valid_from,
            standing: Standing::Published,
        }
    }
}

impl Memo {
    /// The memo of a node that has no value yet and is not in the table.
    pub(crate) fn vacant(bound: Bound) -> Self {
        Memo {
            bound,
            end: Revision::FIRST.into(),
            finding: MarkedCell::new(Mark::ENTERING, AtomicU32::new(0)),
        }
    }

    /// The first pair of an input that is not in the table yet.
    pub(crate) fn initial(bound: Bound, value: Value, since: Revision) -> Self {
        Memo::pair(bound, value, Mark(Mark::ENTERING), since)
    }

    /// One pair of an input: the value that was set at `since`.
    pub(crate) fn input(bound: Bound, value: Value, since: Revision) -> Self {
        Memo::pair(bound, value, Mark::PLAIN, since)
    }

    fn pair(bound: Bound, value: Value, mark: Mark, since: Revision) -> Self {
        let finding = Finding {
            value: Some(value),
            changed_at: since,
            valid_from: since,
            edges: Edges::default(),
        };
        Memo::build(bound, finding, mark, Revision::NEVER)
    }

    pub(crate) fn build(bound: Bound, finding: Finding, mark: Mark, end: impl Into<End>) -> Self {
        Memo {
            bound,
            end: end.into(),
            finding: MarkedCell::with_value(finding, mark.0, AtomicU32::new(0)),
        }
    }

    /// Takes up what the node's first update has found. Gives it back if another one was first.
    /// Under the node's lock.
    pub(crate) fn fill(
        &self,
        finding: Finding,
        mark: Mark,
        until: Until,
    ) -> Result<(), (Finding, Until)> {
        step();
        if let Err(finding) = self.finding.set(finding, mark.0) {
            return Err((finding, until));
        }
        // Last: who sees the interval open sees what it is of.
        self.end.settle(until);
        Ok(())
    }

    /// `None` until the node's first update has ended.
    #[inline]
    pub(crate) fn finding(&self) -> Option<&Finding> {
        step();
        self.finding.get()
    }

    #[inline]
    pub(crate) fn value(&self) -> Option<&Value> {
        self.finding()?.value.as_ref()
    }

    pub(crate) fn changed_at(&self) -> Revision {
        self.finding()
            .map_or(Revision::FIRST, |finding| finding.changed_at)
    }

    /// Whether the value is news to a reader whose memo went dirty at `dirty_at`.
    pub(crate) fn changed_since(&self, dirty_at: Revision) -> bool {
        if planted("change-at-the-edge-missed") {
            return self.changed_at() > dirty_at;
        }
        self.changed_at() >= dirty_at && !planted("change-ignored")
    }

    #[inline]
    fn valid_from(&self) -> Revision {
        self.finding()
            .map_or(Revision::NEVER, |finding| finding.valid_from)
    }

    /// What the value was made from: its edge `number`.
    pub(crate) fn read(&self, number: u32) -> Option<Edge> {
        self.finding()?.edges.get(number)
    }

    /// All that the value was made from.
    pub(crate) fn reads(&self) -> impl Iterator<Item = Edge> {
        self.edges().iter().copied()
    }

    /// The same at hand.
    pub(crate) fn edges(&self) -> &[Edge] {
        self.finding()
            .map_or(&[], |finding| finding.edges.as_slice())
    }

    #[inline]
    pub(crate) fn interval(&self) -> Interval {
        let dirty_at = self.dirty_at();
        Interval {
            valid_from: self.valid_from(),
            dirty_at,
        }
    }

    /// To be looked at first: who sees the end of the interval sees the change that ended it.
    #[inline]
    fn dirty_at(&self) -> Revision {
        self.end.get()
    }

    #[inline]
    pub(crate) fn covers(&self, revision: Revision) -> bool {
        self.interval().covers(revision)
    }

    /// What was found, if it is right at a revision. The value may have been evicted.
    #[inline]
    pub(crate) fn right_at(&self, revision: Revision) -> Option<&Finding> {
        let dirty_at = self.dirty_at();
        let finding = self.finding()?;
        let interval = Interval {
            valid_from: finding.valid_from,
            dirty_at,
        };
        interval.covers(revision).then_some(finding)
    }

    /// When it changes after `revision`, as far as that is known.
    #[inline]
    pub(crate) fn next_change(&self, revision: Revision) -> Revision {
        let interval = self.interval();
        if interval.covers(revision) {
            interval.dirty_at
        } else {
            revision.next()
        }
    }

    /// Notes that the value is taken. Most often there is nothing to write.
    #[inline]
    pub(crate) fn touch(&self, tick: u32) {
        let taken_at = self.finding.beside();
        if taken_at.load(Ordering::Relaxed) != tick {
            taken_at.store(tick, Ordering::Relaxed);
        }
    }

    /// The tick in which the value was last taken.
    pub(crate) fn taken_at(&self) -> u32 {
        self.finding.beside().load(Ordering::Relaxed)
    }

    /// The same without its value, and with an end that is still to be told.
    pub(crate) fn emptied(&self) -> Option<Self> {
        let finding = Finding {
            value: None,
            ..self.finding()?.clone()
        };
        let emptied = Memo::build(self.bound.clone(), finding, self.mark(), Revision::FIRST);
        emptied.touch(self.taken_at());
        Some(emptied)
    }

    pub(crate) fn mark(&self) -> Mark {
        step();
        Mark(self.finding.marks() & !Mark::ENTERING)
    }

    /// Its node stands in the table. A mark that was set meanwhile says so too.
    pub(crate) fn entered(&self) {
        step();
        self.finding.mark(|mark| mark & !Mark::ENTERING);
    }

    pub(crate) fn is_entering(&self) -> bool {
        step();
        self.finding.marks() & Mark::ENTERING != 0
    }

    /// Under the node's lock.
    pub(crate) fn set_mark(&self, mark: Mark) {
        step();
        self.finding.mark(|_| mark.0);
    }

    /// Ends the interval at `revision`, or opens it again, which is not for a memo that borrows its end. Under the node's lock.
    pub(crate) fn set_dirty_at(&self, revision: Revision) {
        self.end.set(revision);
    }

    /// The end of its interval for a reader who reads nothing else, if it is to be shared. Under the node's lock, by the edge
    /// to this node.
    pub(crate) fn lend(&self, edge: Edge) -> Option<Counted<Shared>> {
        self.is_lender().then(|| self.end.share(edge))
    }

    /// Whether there is an end to be shared with who reads nothing else.
    pub(crate) fn is_lender(&self) -> bool {
        let is_worth = || self.mark().is_link() && self.mark().is_plain();
        self.dirty_at() == Revision::NEVER && (self.end.is_shared() || is_worth())
    }

    /// The edge others have to this node, when it is in `slot`.
    #[inline]
    pub(crate) fn edge(&self, slot: u32) -> Edge {
        Edge {
            slot,
            generation: self.bound.generation(),
        }
    }
}

/// What there is to say of a value besides its edges: whether they can be checked at all, and
/// which timer is its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Mark(u32);

impl Mark {
    /// Of a value that stays right until what it read changes.
    pub(crate) const PLAIN: Mark = Mark(0);

    const VOLATILE: u32 = 1 << 29;
    /// Of the first memo of a node that nobody can find in the table yet; so nobody gives it up. No matter of its value.
    const ENTERING: u32 = 1 << 28;
    /// Of a value that was made from one other value of a query, and from nothing else.
    const LINK: u32 = 1 << 27;
    const FLAGS: u32 =
        Mark::VOLATILE | Mark::ENTERING | Mark::LINK | !MarkedCell::<Finding, AtomicU32>::MARKS;

    /// `timer` is 0 for a value that does not expire.
    pub(crate) fn new(volatile: bool, timer: u32) -> Self {
        let volatile = if volatile { Mark::VOLATILE } else { 0 };
        Mark(volatile | timer & !Mark::FLAGS)
    }

    /// The same of a value that was made from one other value alone.
    pub(crate) fn link(self) -> Self {
        Mark(self.0 | Mark::LINK)
    }

    pub(crate) fn is_link(self) -> bool {
        self.0 & Mark::LINK != 0
    }

    /// Nothing but what it read can end it.
    pub(crate) fn is_plain(self) -> bool {
        self.0 & !Mark::LINK == 0
    }

    /// Its edges do not say it all: when it is dirty the body runs.
    pub(crate) fn is_volatile(self) -> bool {
        self.0 & Mark::VOLATILE != 0
    }

    /// The number of the timer that ends its time, or 0.
    pub(crate) fn timer(self) -> u32 {
        self.0 & !Mark::FLAGS
    }
}

/// How far a result may be relied on beyond the one who asked. The least of what an execution
/// read is the standing of its own result.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Standing {
    /// Published at its node.
    Published,
    /// Right at the reader's revision, and nothing is known beyond it: kept with the pin.
    Private,
    /// Made from a failure that was handled: given to who waits for it, and kept nowhere.
    Passing,
}

/// What a reader notes of a value it takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Taken {
    /// Since when the value is right.
    pub(crate) valid_from: Revision,
    pub(crate) standing: Standing,
}

/// A memo as one request was given it.
#[derive(Clone)]
pub(crate) struct Seen {
    pub(crate) memo: Counted<Memo>,
    pub(crate) standing: Standing,
}

impl Seen {
    pub(crate) fn published(memo: Counted<Memo>) -> Self {
        let standing = Standing::Published;
        Seen { memo, standing }
    }

    pub(crate) fn taken(&self) -> Taken {
        Taken {
            valid_from: self.memo.valid_from(),
            standing: self.standing,
        }
    }

    /// Whether this is news to a reader whose memo went dirty at `dirty_at`.
    pub(crate) fn changed_since(&self, dirty_at: Revision) -> bool {
        self.standing != Standing::Published || self.memo.changed_since(dirty_at)
    }
}
