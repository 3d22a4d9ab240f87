//! Slots: what tells the calls of one place apart.
//!
//! A slot is its type and its value. The count of [`call`](super::call) has a type nobody else can name, so no slot of a
//! user equals it.

use std::any::Any;
use std::fmt;
use std::hash::{BuildHasher, Hash};

use crate::node::bound::Bound;
use crate::sync::{AtomicBool, KeyHasher, ProcessOnce};

/// A slot without its type.
pub(crate) trait Slot: Any + Send + Sync {
    /// Whether the other one is of the same type and equal. User code.
    fn same(&self, other: &dyn Slot) -> bool;

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;

    /// Whether the node that the call made was dropped; `None` for a call that makes no node.
    fn dropped(&self) -> Option<&AtomicBool> {
        None
    }
}

/// The same, of a value of a user.
pub(crate) struct Named<S>(pub(crate) S);

impl<S: Eq + Send + Sync + 'static> Slot for Named<S> {
    fn same(&self, other: &dyn Slot) -> bool {
        let other: &dyn Any = other;
        other
            .downcast_ref::<Self>()
            .is_some_and(|other| self.0 == other.0)
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}]", std::any::type_name::<S>())
    }
}

/// How many calls of the place there were before.
pub(crate) struct Nth(pub(crate) u64);

impl Slot for Nth {
    fn same(&self, other: &dyn Slot) -> bool {
        let other: &dyn Any = other;
        other
            .downcast_ref::<Self>()
            .is_some_and(|other| self.0 == other.0)
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// The slot of a call that makes a node.
pub(crate) struct OfNode<S> {
    slot: S,
    dropped: AtomicBool,
}

impl<S> OfNode<S> {
    pub(crate) fn new(slot: S) -> Self {
        OfNode {
            slot,
            dropped: AtomicBool::new(false),
        }
    }
}

impl<S: Slot> Slot for OfNode<S> {
    fn same(&self, other: &dyn Slot) -> bool {
        let other: &dyn Any = other;
        other
            .downcast_ref::<Self>()
            .is_some_and(|other| self.slot.same(&other.slot))
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.slot.show(f)
    }

    fn dropped(&self) -> Option<&AtomicBool> {
        Some(&self.dropped)
    }
}

/// A bound query, where a path begins.
pub(crate) struct Origin(pub(crate) Bound);

impl Origin {
    /// The hash of the bound query. Calls the key's `Hash`.
    pub(crate) fn hash(&self) -> u64 {
        let kind = self.0.kind();
        (kind.keys.hash)(hasher(), kind.id, self.0.key())
    }
}

impl Slot for Origin {
    fn same(&self, other: &dyn Slot) -> bool {
        let other: &dyn Any = other;
        let Some(Origin(other)) = other.downcast_ref() else {
            return false;
        };
        if Bound::ptr_eq(&self.0, other) {
            return true;
        }
        let (one, other) = (&self.0, other);
        let kind = one.kind();
        kind.id == other.kind().id && (kind.keys.same)(one.key(), other.key())
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.kind().name)
    }
}

/// Equal slots have equal hashes in the whole process, for an id knows no runtime. The seed is all that the process keeps.
fn hasher() -> &'static KeyHasher {
    static HASHER: ProcessOnce<KeyHasher> = ProcessOnce::new();
    HASHER.get_or_init(KeyHasher::default)
}

/// The hash of a slot. User code.
pub(crate) fn hash<T: Hash + ?Sized>(slot: &T) -> u64 {
    hasher().hash_one(slot)
}
