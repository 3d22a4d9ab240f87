//! Where the interval of a memo ends, which a chain of memos may have in common.
//!
//! A value that was made from one other value and nothing else is right as long as that one is. So its memo may *borrow* the
//! end of that one's interval instead of having its own: a change that ends one ends all of them at once, and so does a check
//! that opens it again, however many there are. The end has one *owner*, who alone moves it: the lowest node of the chain. It
//! goes on to belong to that node's memo as long as the value is the same without a gap; then it is left closed for good.
//!
//! Who borrows is not told of changes, and needs not be. Who reads a borrower is, in a roundabout way: the owner has to be told
//! whose readers are concerned too (`ReverseEdge::via`).

use crate::node::edge::Edge;
use crate::revision::Revision;
use crate::sync::{AtomicU64, Counted, Kept, NumberOr, Ordering};

/// From when on a memo needs a check.
pub(crate) struct End(NumberOr<Shared>);

/// An end that several memos have.
pub(crate) struct Shared {
    /// Written under the lock of the owner's node.
    at: AtomicU64,
    /// The node that moves it, as long as its memo has this end.
    pub(crate) owner: Edge,
}

impl Shared {
    #[inline]
    pub(crate) fn at(&self) -> Revision {
        Revision::from_raw(self.at.load(Ordering::Acquire))
    }
}

/// What an end is to be.
pub(crate) enum Until {
    At(Revision),
    /// That of what was read.
    Lent(Counted<Shared>),
}

impl From<Revision> for Until {
    fn from(at: Revision) -> Self {
        Until::At(at)
    }
}

impl From<Revision> for End {
    fn from(at: Revision) -> Self {
        End(NumberOr::new(at.raw()))
    }
}

impl From<Until> for End {
    fn from(until: Until) -> Self {
        match until {
            Until::At(at) => at.into(),
            Until::Lent(shared) => End(NumberOr::of(shared, false)),
        }
    }
}

impl End {
    #[inline]
    pub(crate) fn get(&self) -> Revision {
        match self.0.get() {
            Kept::Number(at) => Revision::from_raw(at),
            Kept::Value { value, .. } => value.at(),
        }
    }

    /// Moves it. Who borrows it may not. Under the node's lock.
    pub(crate) fn set(&self, revision: Revision) {
        match self.0.get() {
            Kept::Number(_) => self.0.set(revision.raw()),
            Kept::Value { value, marked } => {
                debug_assert!(marked, "an end is moved by its owner");
                value.at.store(revision.raw(), Ordering::Release);
            }
        }
    }

    /// Makes it what it is to be, where it is shared with nobody. Under the node's lock.
    pub(crate) fn settle(&self, until: Until) {
        match until {
            Until::At(at) => self.set(at),
            Until::Lent(shared) => {
                let kept = self.0.keep(shared, false);
                debug_assert!(kept.is_ok(), "it shares its own");
            }
        }
    }

    /// Makes it one to be shared, whose owner is the node of `owner`. Under that node's lock.
    pub(crate) fn share(&self, owner: Edge) -> Counted<Shared> {
        if let Some((shared, _)) = self.0.counted() {
            return shared;
        }
        let at = AtomicU64::new(self.get().raw());
        let [shared, other] = Counted::several(Shared { at, owner });
        let kept = self.0.keep(other, true);
        debug_assert!(kept.is_ok(), "it is shared under a lock");
        shared
    }

    /// Goes on for another memo of the same node and the same value. Under the node's lock.
    pub(crate) fn handed_on(&self) -> Self {
        match self.0.counted() {
            Some((shared, owns)) => End(NumberOr::of(shared, owns)),
            None => self.get().into(),
        }
    }

    /// The same for one that has been made, and is shared with nobody yet.
    pub(crate) fn succeed(&self, before: &End) {
        match before.0.counted() {
            Some((shared, owns)) => drop(self.0.keep(shared, owns)),
            None => self.set(before.get()),
        }
    }

    /// What it borrows, if it does.
    #[inline]
    pub(crate) fn lender(&self) -> Option<Counted<Shared>> {
        if !self.is_borrowed() {
            return None;
        }
        self.0.counted().map(|(shared, _)| shared)
    }

    pub(crate) fn is_shared(&self) -> bool {
        matches!(self.0.get(), Kept::Value { .. })
    }

    #[inline]
    pub(crate) fn is_borrowed(&self) -> bool {
        matches!(self.0.get(), Kept::Value { marked: false, .. })
    }

    /// The node whose end it borrows.
    pub(crate) fn lent_by(&self) -> Option<Edge> {
        match self.0.get() {
            Kept::Value {
                value,
                marked: false,
            } => Some(value.owner),
            _ => None,
        }
    }

    /// What it shares with others, if it is the owner.
    pub(crate) fn owned(&self) -> Option<&Shared> {
        match self.0.get() {
            Kept::Value {
                value,
                marked: true,
            } => Some(value),
            _ => None,
        }
    }

    /// Whether it is the owner of `shared`.
    pub(crate) fn owns(&self, shared: &Shared) -> bool {
        self.owned()
            .is_some_and(|owned| std::ptr::eq(owned, shared))
    }

    /// Whether it is borrowed from `other`, or from where that is.
    pub(crate) fn borrows_like(&self, other: &End) -> bool {
        let (Kept::Value { value, .. }, Kept::Value { value: theirs, .. }) =
            (self.0.get(), other.0.get())
        else {
            return false;
        };
        std::ptr::eq(value, theirs)
    }
}
