//! The only door to what tasks share and to what runs them: locks, atomics, reference counts,
//! pointer swaps; tasks, timers, clocks and thread-locals.
//!
//! Everything above imports these names from here and from nowhere else. In an ordinary build
//! they are those of std and tokio (`host`); with `--cfg shuttle` a model checker, which decides
//! who goes on after each of them, stands in (`model`). A lock of this crate guards plain data and
//! is never held over user code or an await, so a panic cannot leave the data half-written:
//! poisoning is ignored.

#[cfg(not(shuttle))]
mod host;
#[cfg(shuttle)]
mod model;

#[cfg(not(shuttle))]
pub(crate) use host::*;
#[cfg(shuttle)]
pub(crate) use model::*;

use std::ops::Deref;

use hazarc::arc::NonNullArcPtr as Pointer;
use hazarc::atomic::AtomicOptionArcPtr;

pub(crate) use std::sync::atomic::Ordering;
pub(crate) use std::sync::{Arc, Weak};

/// What there is a million of, in fewer bytes, and pointers that a debugger is not told the end of.
pub(crate) use salvia_counted::{
    Common, Counted, Kept, MarkedCell, Member, NumberOr, Thin, ThinAny, VeiledArc, VeiledBox,
    VeiledWeak,
};

/// For what the process has once and no runtime shares.
pub(crate) use std::sync::OnceLock as ProcessOnce;

/// The writers' turn: fair, and its guard may travel into a task.
pub(crate) use tokio::sync::{Mutex as Turn, OwnedMutexGuard as TurnGuard};

/// Word to all who wait that something has happened.
pub(crate) use tokio::sync::Notify;

/// Whether a model checker runs this. Then sizes are small, so that what comes after them (growth,
/// compaction, a pause) is reached in a few steps.
pub(crate) const MODELLED: bool = cfg!(shuttle);

/// A borrowed look at what a [`Swap`] holds.
pub(crate) type Loaded<P> = Option<hazarc::atomic::ArcPtrBorrow<P>>;

/// A mutual exclusion lock that does not know poisoning.
#[derive(Debug, Default)]
pub(crate) struct Mutex<T>(Lock<T>);

impl<T> Mutex<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(Lock::new(value))
    }

    /// For who has it alone: takes no lock.
    #[inline]
    pub(crate) fn get_mut(&mut self) -> &mut T {
        match self.0.get_mut() {
            Ok(value) => value,
            Err(poisoned) => poisoned.into_inner(),
        }
    }

    #[inline]
    pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
        match self.0.lock() {
            Ok(guard) => guard,
            Err(poisoned) => poisoned.into_inner(),
        }
    }
}

/// Something with cache lines of its own: so who writes to it often does not take what stands beside it out of the caches of
/// who only reads that. Two lines, since processors fetch them in pairs.
#[derive(Debug, Default)]
#[repr(align(128))]
pub(crate) struct Apart<T>(pub(crate) T);

impl<T> Deref for Apart<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        &self.0
    }
}

/// A shared pointer, of those that are counted, that is replaced at once while readers go on with what they loaded.
pub(crate) struct Swap<P: Pointer>(
    AtomicOptionArcPtr<P, hazarc::DefaultDomain, hazarc::write_policy::Concurrent>,
);

impl<P: Pointer> Swap<P> {
    pub(crate) const fn vacant() -> Self {
        Self(AtomicOptionArcPtr::none())
    }

    /// A look that costs no shared write; for short use.
    #[inline]
    pub(crate) fn load(&self) -> Loaded<P> {
        step();
        self.0.load()
    }

    /// Whether it holds nothing. Most of all this brings it into the processor's caches.
    #[inline]
    pub(crate) fn is_vacant(&self) -> bool {
        self.0.is_none()
    }

    /// A counted reference; every earlier `store` has paid its readers' counts when it returns.
    pub(crate) fn get(&self) -> Option<P> {
        step();
        self.0.load_owned()
    }

    /// Takes the pointer away.
    pub(crate) fn clear(&self) -> Option<P> {
        step();
        self.0.swap(None)
    }

    /// Replaces the pointer and gives the old one back, to be dropped outside any lock.
    pub(crate) fn replace(&self, value: P) -> Option<P> {
        step();
        self.0.swap(Some(value))
    }
}
