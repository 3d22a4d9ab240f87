//! The only door to shared memory: locks, atomics, reference counts, pointer swaps.
//!
//! Everything above imports these names from here and from nowhere else, so that a model
//! checker can stand in for them. A lock of this crate guards plain data and is never held
//! over user code or an await, so a panic cannot leave the data half-written: poisoning is ignored.

pub(crate) use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};
pub(crate) use std::sync::{Arc, MutexGuard, OnceLock, Weak};

/// The clock of expiry: tokio's, which a test can hold still.
pub(crate) use tokio::time::Instant;

/// The writers' turn: fair, and its guard may travel into a task.
pub(crate) use tokio::sync::{Mutex as Turn, OwnedMutexGuard as TurnGuard};

/// Word to all who wait that something has happened.
pub(crate) use tokio::sync::Notify;

/// A borrowed look at what a [`Swap`] holds.
pub(crate) type Loaded<T> = arc_swap::Guard<Option<Arc<T>>>;

/// A mutual exclusion lock that does not know poisoning.
#[derive(Debug, Default)]
pub(crate) struct Mutex<T>(std::sync::Mutex<T>);

impl<T> Mutex<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(std::sync::Mutex::new(value))
    }

    #[inline]
    pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
        match self.0.lock() {
            Ok(guard) => guard,
            Err(poisoned) => poisoned.into_inner(),
        }
    }
}

/// A shared pointer that is replaced at once, while readers go on with what they loaded.
#[derive(Debug)]
pub(crate) struct Swap<T>(arc_swap::ArcSwapOption<T>);

impl<T> Swap<T> {
    pub(crate) const fn vacant() -> Self {
        Self(arc_swap::ArcSwapOption::const_empty())
    }

    /// A look that costs no shared write; for short use.
    #[inline]
    pub(crate) fn load(&self) -> Loaded<T> {
        self.0.load()
    }

    /// A counted reference; every earlier `store` has paid its readers' counts when it returns.
    pub(crate) fn get(&self) -> Option<Arc<T>> {
        self.0.load_full()
    }

    /// Takes the pointer away.
    pub(crate) fn clear(&self) -> Option<Arc<T>> {
        self.0.swap(None)
    }

    /// Replaces the pointer and gives the old one back, to be dropped outside any lock.
    pub(crate) fn replace(&self, value: Arc<T>) -> Option<Arc<T>> {
        self.0.swap(Some(value))
    }
}
