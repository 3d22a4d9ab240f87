//! The count in front of what is shared.

use crate::sync::{AtomicU32, Ordering, fence};

/// More than these are a program that forgets its references: the half that is left is for threads that count at the same time.
const MOST: u32 = u32::MAX / 2;

/// How many references there are.
pub(crate) struct Count(AtomicU32);

impl Count {
    /// So many as there are from the start.
    pub(crate) fn of(references: u32) -> Self {
        Count(AtomicU32::new(references))
    }

    pub(crate) fn one() -> Self {
        Count::of(1)
    }

    /// One more, by who has one. Ends the process if there are 2^31 of them: one more could be the one that is not counted.
    #[inline]
    pub(crate) fn up(&self) {
        if !self.add() {
            std::process::abort();
        }
    }

    #[inline]
    fn add(&self) -> bool {
        self.0.fetch_add(1, Ordering::Relaxed) <= MOST
    }

    /// How many there are at this moment, of which others may drop or clone some in the next.
    pub(crate) fn now(&self) -> usize {
        self.0.load(Ordering::Relaxed) as usize
    }

    /// Whether there is one reference only, where references are only ever made from references. Then what is shared is the
    /// caller's alone, with all that others did to it.
    #[inline]
    pub(crate) fn is_alone(&self) -> bool {
        // Who sees that its own is the only one is alone: there is nobody left to make another one from. Acquire, for what
        // those did that are gone.
        self.0.load(Ordering::Acquire) == 1
    }

    /// The same as `down` where references are only ever made from references: then the last one does no atomic write.
    #[inline]
    pub(crate) fn down_or_alone(&self) -> bool {
        self.is_alone() || self.down()
    }

    /// One less. True for the last: what is shared is the caller's alone from now on, with all that others did to it.
    #[inline]
    pub(crate) fn down(&self) -> bool {
        if self.0.fetch_sub(1, Ordering::Release) != 1 {
            return false;
        }
        fence(Ordering::Acquire);
        true
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn the_last_one_is_told() {
        let count = Count::one();
        count.up();
        count.up();
        assert_eq!(
            [count.down(), count.down(), count.down()],
            [false, false, true]
        );
    }

    #[test]
    fn too_many_are_noticed_long_before_the_count_is_over() {
        let count = Count(AtomicU32::new(MOST));
        assert!(count.add());
        assert!(!count.add());
    }
}
