//! How far a running update has read again what its node's memo was made from, in the same order.
//!
//! For such a read nothing has to be written down but how many there are: what was read stands in the memo, and so does the
//! subscription, as long as nobody has told the node anything and no other memo has come. So it takes no lock. Whoever does
//! either closes the count first, under the node's lock; from then on only who has that lock goes on with it.

use crate::revision::Revision;
use crate::sync::{AtomicU32, AtomicU64, Ordering};

/// How many reads an update has recorded.
pub(crate) struct Again {
    /// With `CLOSED`.
    count: AtomicU32,
    /// The latest `valid_from` of those that were counted without the lock.
    valid_from: AtomicU64,
}

/// Only who has the node's lock may count.
const CLOSED: u32 = 1 << 31;

impl Again {
    /// Of an update that has read nothing. Closed.
    pub(crate) fn new() -> Self {
        Again {
            count: AtomicU32::new(CLOSED),
            valid_from: AtomicU64::new(Revision::FIRST.raw()),
        }
    }

    /// How many reads are recorded.
    #[inline]
    pub(crate) fn count(&self) -> u32 {
        self.count.load(Ordering::Relaxed) & !CLOSED
    }

    /// Counts read number `number`, of a value that is right since `valid_from`. False if it is closed, or another one was
    /// counted with that number. Without a lock.
    #[inline]
    pub(crate) fn follow(&self, number: u32, valid_from: Revision) -> bool {
        // Before it counts: who closes it finds it. Where the read is not counted it is recorded with the same.
        if self.valid_from.load(Ordering::Relaxed) < valid_from.raw() {
            self.valid_from
                .fetch_max(valid_from.raw(), Ordering::Relaxed);
        }
        // Release, for `valid_from`. Who closes does the same to the same word: one of both comes first.
        self.count
            .compare_exchange(number, number + 1, Ordering::AcqRel, Ordering::Relaxed)
            .is_ok()
    }

    /// Lets reads be counted without the lock, of an update that has read nothing. Under the node's lock.
    pub(crate) fn open(&self) {
        self.count.store(0, Ordering::Release);
    }

    /// Lets no more of them be counted so. Gives how many there are. Under the node's lock.
    pub(crate) fn close(&self) -> u32 {
        let count = self.count.load(Ordering::Acquire);
        if count & CLOSED != 0 {
            // It is opened and counted on under the lock alone.
            return count & !CLOSED;
        }
        self.count.fetch_or(CLOSED, Ordering::AcqRel) & !CLOSED
    }

    /// Counts read number `number` if it is the next. Open or not, it stays so. Under the node's lock.
    pub(crate) fn step(&self, number: u32) -> bool {
        let step = |count| (count & !CLOSED == number).then_some(count + 1);
        self.count
            .fetch_update(Ordering::AcqRel, Ordering::Relaxed, step)
            .is_ok()
    }

    /// Says how many reads are recorded, where that stands somewhere else. Closes it. Under the node's lock.
    pub(crate) fn set(&self, count: u32) {
        self.count.store(count | CLOSED, Ordering::Release);
    }

    /// The latest `valid_from` of what was counted without the lock. For who has closed it.
    pub(crate) fn valid_from(&self) -> Revision {
        Revision::from_raw(self.valid_from.load(Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const R: fn(u64) -> Revision = Revision::from_raw;

    #[test]
    fn reads_are_counted_in_order_and_until_it_is_closed() {
        let again = Again::new();
        assert!(!again.follow(0, R(1)), "closed from its making on");
        again.open();
        assert!(!again.follow(1, R(1)));
        assert!(again.follow(0, R(3)) && again.follow(1, R(2)));
        assert!(again.step(2) && !again.step(2));
        assert!(again.follow(3, R(1)));
        assert_eq!(
            (again.close(), again.count(), again.valid_from()),
            (4, 4, R(3))
        );
        assert!(!again.follow(4, R(1)));
        assert!(again.step(4) && !again.follow(5, R(1)));
        again.set(9);
        assert_eq!((again.count(), again.close()), (9, 9));
    }
}
