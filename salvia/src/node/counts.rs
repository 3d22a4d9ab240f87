//! What has happened to the nodes of one kind so far. Counted on slow paths only.

use crate::sync::{AtomicU64, Ordering};

#[derive(Default)]
pub(crate) struct Counts {
    pub(crate) executions: Count,
    pub(crate) validations: Count,
    pub(crate) cut_offs: Count,
    pub(crate) evictions: Count,
}

/// A number that only grows. It orders nothing.
#[derive(Default)]
pub(crate) struct Count(AtomicU64);

impl Count {
    pub(crate) fn add(&self, more: u64) {
        self.0.fetch_add(more, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
