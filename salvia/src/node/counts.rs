//! What has happened to the nodes of one kind so far. Counted on slow paths only.

use crate::sync::{AtomicU32, AtomicU64, Ordering};

/// The first executions are measured, and then one in this many.
const SAMPLE: u32 = 16;

#[derive(Default)]
pub(crate) struct Counts {
    /// About how many executions have begun: a lost one is harmless.
    begun: AtomicU32,
    pub(crate) executions: Count,
    pub(crate) validations: Count,
    pub(crate) cut_offs: Count,
    pub(crate) evictions: Count,
}

impl Counts {
    /// An execution begins. Whether it should be measured.
    pub(crate) fn begin(&self) -> bool {
        let count = self.begun.load(Ordering::Relaxed);
        self.begun.store(count.wrapping_add(1), Ordering::Relaxed);
        count < SAMPLE || count.is_multiple_of(SAMPLE)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_executions_are_measured_and_then_a_few() {
        let counts = Counts::default();
        let due = (0..160).filter(|_| counts.begin()).count();
        assert_eq!(due, 16 + 9);
    }
}
