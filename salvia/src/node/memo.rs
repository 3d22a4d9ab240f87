//! A memo: a value, when it last changed, for which revisions it is right, what it read.
//!
//! Only `dirty_at` changes after a memo is made, and only under its node's lock; so a reader
//! that loaded the memo may compare without a lock. At every instant the interval is true: it
//! is closed before the revision that ends it is published, and opened again only after a check.

use crate::bug::planted;
use crate::node::bound::Bound;
use crate::node::edge::{Edge, Edges};
use crate::node::interval::Interval;
use crate::revision::Revision;
use crate::sync::{Arc, AtomicU32, AtomicU64, Ordering};
use crate::value::Value;

pub(crate) struct Memo {
    pub(crate) bound: Arc<Bound>,
    /// `None` until the node's first update has ended.
    pub(crate) value: Option<Value>,
    /// Since when the value has been equal to this one, as far as anybody looked.
    pub(crate) changed_at: Revision,
    valid_from: Revision,
    /// Written under the node's lock.
    dirty_at: AtomicU64,
    pub(crate) edges: Edges,
    /// Written under the node's lock.
    mark: AtomicU32,
}

impl Memo {
    /// The memo of a node that has no value yet.
    pub(crate) fn vacant(bound: Arc<Bound>) -> Self {
        let never = Interval {
            valid_from: Revision::NEVER,
            dirty_at: Revision::FIRST,
        };
        Memo::build(bound, None, Revision::FIRST, never, Edges::default())
    }

    /// One pair of an input: the value that was set at `since`.
    pub(crate) fn input(bound: Arc<Bound>, value: Value, since: Revision) -> Self {
        let open = Interval {
            valid_from: since,
            dirty_at: Revision::NEVER,
        };
        Memo::build(bound, Some(value), since, open, Edges::default())
    }

    pub(crate) fn build(
        bound: Arc<Bound>,
        value: Option<Value>,
        changed_at: Revision,
        interval: Interval,
        edges: Edges,
    ) -> Self {
        let Interval {
            valid_from,
            dirty_at,
        } = interval;
        let dirty_at = AtomicU64::new(dirty_at.raw());
        Memo {
            bound,
            value,
            changed_at,
            valid_from,
            dirty_at,
            edges,
            mark: AtomicU32::new(Mark::PLAIN.0),
        }
    }

    pub(crate) fn interval(&self) -> Interval {
        // Acquire: who sees the end of the interval sees the change that ended it.
        let dirty_at = Revision::from_raw(self.dirty_at.load(Ordering::Acquire));
        Interval {
            valid_from: self.valid_from,
            dirty_at,
        }
    }

    /// What a reader at a revision it covers notes.
    pub(crate) fn taken(&self) -> Taken {
        Taken {
            valid_from: self.valid_from,
            standing: Standing::Published,
        }
    }

    pub(crate) fn covers(&self, revision: Revision) -> bool {
        self.interval().covers(revision)
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark(self.mark.load(Ordering::Acquire))
    }

    /// Under the node's lock.
    pub(crate) fn set_mark(&self, mark: Mark) {
        self.mark.store(mark.0, Ordering::Release);
    }

    /// Ends the interval at `revision`, or opens it again. Under the node's lock.
    pub(crate) fn set_dirty_at(&self, revision: Revision) {
        self.dirty_at.store(revision.raw(), Ordering::Release);
    }

    /// The edge others have to this node, when it is in `slot`.
    pub(crate) fn edge(&self, slot: u32) -> Edge {
        Edge {
            slot,
            generation: self.bound.generation,
        }
    }
}

/// What there is to say of a value besides its edges.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Mark(u32);

impl Mark {
    /// Nothing: its edges say it all.
    pub(crate) const PLAIN: Mark = Mark(0);
    /// It cannot be checked by its edges: when it is dirty the body runs.
    pub(crate) const VOLATILE: Mark = Mark(1);
    pub(crate) const FIRST_EXPIRY: u32 = 2;

    /// It expires: the number tells its timer from others.
    pub(crate) fn expiry(number: u32) -> Self {
        Mark(number.max(Mark::FIRST_EXPIRY))
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
    pub(crate) memo: Arc<Memo>,
    pub(crate) standing: Standing,
}

impl Seen {
    pub(crate) fn published(memo: Arc<Memo>) -> Self {
        let standing = Standing::Published;
        Seen { memo, standing }
    }

    pub(crate) fn taken(&self) -> Taken {
        Taken {
            valid_from: self.memo.valid_from,
            standing: self.standing,
        }
    }

    /// Whether this is news to a reader whose memo went dirty at `dirty_at`.
    pub(crate) fn changed_since(&self, dirty_at: Revision) -> bool {
        if planted("change-at-the-edge-missed") {
            return self.memo.changed_at > dirty_at;
        }
        self.standing != Standing::Published || self.memo.changed_at >= dirty_at
    }
}
