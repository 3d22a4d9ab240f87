//! In which tick each of the last revisions began.
//!
//! Who collects asks for one now and then, and each commit notes one: so noting takes no lock.

use crate::revision::Revision;
use crate::sync::{AtomicU64, Ordering};

/// Of so many revisions it is known.
const REVISIONS: usize = 1_024;

/// The revisions come one after the other, so each has its place.
pub(crate) struct Began(Box<[AtomicU64; REVISIONS]>);

impl Default for Began {
    fn default() -> Self {
        Began(Box::new(std::array::from_fn(|_| AtomicU64::new(0))))
    }
}

impl Began {
    /// Notes the tick of a revision. For one after the other.
    pub(crate) fn note(&self, revision: Revision, tick: u32) {
        // The lower half of the number tells it apart from those that had the place before.
        let noted = u64::from(revision.raw() as u32) << 32 | u64::from(tick);
        self.place(revision).store(noted, Ordering::Release);
    }

    /// The tick in which a revision began: `None` if it has not, 0 for the first one and if it is too long ago.
    pub(crate) fn tick_of(&self, revision: Revision) -> Option<u32> {
        let noted = self.place(revision).load(Ordering::Acquire);
        let later = ((noted >> 32) as u32).wrapping_sub(revision.raw() as u32);
        match later.cast_signed() {
            0 => Some(noted as u32),
            1.. => Some(0),
            ..0 => None,
        }
    }

    fn place(&self, revision: Revision) -> &AtomicU64 {
        &self.0[revision.raw() as usize % REVISIONS]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const R: fn(u64) -> Revision = Revision::from_raw;

    #[test]
    fn the_last_revisions_are_known() {
        let began = Began::default();
        assert_eq!((began.tick_of(R(0)), began.tick_of(R(1))), (Some(0), None));
        let last = REVISIONS as u64 + 9;
        for revision in 1..=last {
            began.note(R(revision), 2 * revision as u32);
        }
        let tick = |revision| began.tick_of(R(revision));
        assert_eq!((tick(last), tick(last + 1)), (Some(2 * last as u32), None));
        assert_eq!((tick(9), tick(10)), (Some(0), Some(20)));
    }

    /// There are as many within hours.
    #[test]
    fn revisions_past_the_lower_half_are_known_too() {
        let (began, last) = (Began::default(), u64::from(u32::MAX));
        for revision in last - 1..last + 3 {
            began.note(R(revision), 7);
        }
        let ticks = [last - 1, last + 2, last + 3].map(|revision| began.tick_of(R(revision)));
        assert_eq!(ticks, [Some(7), Some(7), None]);
    }
}
