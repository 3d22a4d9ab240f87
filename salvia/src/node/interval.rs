//! For which revisions a value is known right: `valid_from <= R < dirty_at`.
//!
//! That comparison is the whole hit test. Nothing needs a second look in a new revision unless
//! something below it changed, and then propagation has closed the interval.

use crate::bug::planted;
use crate::revision::Revision;

/// The revisions from `valid_from` up to, but not including, `dirty_at`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Interval {
    pub(crate) valid_from: Revision,
    pub(crate) dirty_at: Revision,
}

impl Interval {
    #[inline]
    pub(crate) fn covers(self, revision: Revision) -> bool {
        self.valid_from <= revision
            && (revision < self.dirty_at || planted("end-included") && revision == self.dirty_at)
    }
}

/// From when on a value is known right after it was found unchanged at a later revision, when
/// what it was made from now is right since `theirs`: without a gap the old interval goes on.
pub(crate) fn joined(old: Interval, theirs: Revision) -> Revision {
    if (theirs <= old.dirty_at || planted("gap-ignored")) && !planted("past-forgotten") {
        old.valid_from
    } else {
        theirs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(valid_from: u64, dirty_at: u64) -> Interval {
        let [valid_from, dirty_at] = [valid_from, dirty_at].map(Revision::from_raw);
        Interval {
            valid_from,
            dirty_at,
        }
    }

    #[test]
    fn an_interval_has_its_start_and_not_its_end() {
        let covered: Vec<u64> = (0..8)
            .filter(|&r| interval(2, 5).covers(Revision::from_raw(r)))
            .collect();
        assert_eq!(covered, [2, 3, 4]);
    }

    #[test]
    fn an_unchanged_value_keeps_its_past_unless_there_is_a_gap() {
        for (theirs, expected) in [(0, 2), (4, 2), (5, 2), (6, 6), (9, 9)] {
            let from = joined(interval(2, 5), Revision::from_raw(theirs));
            assert_eq!(from, Revision::from_raw(expected), "theirs = {theirs}");
        }
    }
}
