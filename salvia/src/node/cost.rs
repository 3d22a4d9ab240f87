//! What the updates of one kind have cost so far: running estimates, for deciding where to run
//! the next one and how long to keep one that nobody waits for.

use std::time::Duration;

use crate::sync::{AtomicU32, AtomicU64, Ordering};

/// The most that a first measurement says, in nanoseconds.
const FIRST: u64 = 20_000;

/// Running estimates of one kind. Written by whoever has measured; a lost update is harmless.
#[derive(Default)]
pub(crate) struct Cost {
    /// Updates that were given a task to begin with, since nothing was known of them.
    tried: AtomicU32,
    /// Nanoseconds a body is busy, without what it asks for.
    busy: AtomicU64,
    /// Nanoseconds from beginning to end of an update that had to wait; 0 if none has.
    wall: AtomicU64,
}

impl Cost {
    /// Whether nothing is known yet, and the next update is one of the first `few` of which that is so.
    pub(crate) fn is_new(&self, few: u32) -> bool {
        if self.busy.load(Ordering::Relaxed) > 0 {
            return false;
        }
        let tried = self.tried.load(Ordering::Relaxed);
        if tried >= few {
            return false;
        }
        self.tried.store(tried + 1, Ordering::Relaxed);
        true
    }

    pub(crate) fn note_busy(&self, took: Duration) {
        average(&self.busy, took);
    }

    pub(crate) fn note_wall(&self, took: Duration) {
        // It only decides how long to linger, where too long does no harm.
        let took = u64::try_from(took.as_nanos())
            .unwrap_or(u64::MAX / 4)
            .max(1);
        let before = self.wall.load(Ordering::Relaxed);
        let after = if before == 0 {
            took
        } else {
            before - before / 4 + took / 4
        };
        self.wall.store(after, Ordering::Relaxed);
    }

    pub(crate) fn busy(&self) -> Duration {
        Duration::from_nanos(self.busy.load(Ordering::Relaxed))
    }

    /// `None` if no update has had to wait yet.
    pub(crate) fn wall(&self) -> Option<Duration> {
        let wall = self.wall.load(Ordering::Relaxed);
        (wall > 0).then(|| Duration::from_nanos(wall))
    }
}

/// Moves an estimate towards what was measured: half-way down, but up to four times as much only.
/// A thread that is put off while it is measured makes a short body look long, and a few such
/// measurements must not count; what really is long gets there in a few steps.
fn average(estimate: &AtomicU64, took: Duration) {
    let took = u64::try_from(took.as_nanos())
        .unwrap_or(u64::MAX / 4)
        .max(1);
    let before = estimate.load(Ordering::Relaxed);
    let after = match before {
        0 => took.min(FIRST),
        _ if took > before => took.min(before.saturating_mul(4)),
        _ => before / 2 + took / 2,
    };
    estimate.store(after.max(1), Ordering::Relaxed);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_estimate_follows_what_is_measured() {
        let cost = Cost::default();
        assert_eq!(cost.wall(), None);
        cost.note_wall(Duration::from_millis(8));
        assert_eq!(cost.wall(), Some(Duration::from_millis(8)));
        for _ in 0..40 {
            cost.note_wall(Duration::from_millis(80));
        }
        assert!(cost.wall() > Some(Duration::from_millis(75)));
    }

    #[test]
    fn a_few_updates_are_new_until_one_was_measured() {
        let cost = Cost::default();
        assert_eq!([(); 3].map(|()| cost.is_new(2)), [true, true, false]);
        let cost = Cost::default();
        assert!(!cost.is_new(0));
        assert!(cost.is_new(2));
        cost.note_busy(Duration::from_nanos(1));
        assert!(!cost.is_new(2));
    }

    #[test]
    fn a_body_that_was_put_off_once_is_not_taken_for_a_long_one() {
        let cost = Cost::default();
        for micros in [2, 3, 5_000, 2, 3, 8_000, 2] {
            cost.note_busy(Duration::from_micros(micros));
            assert!(cost.busy() < Duration::from_micros(50), "{:?}", cost.busy());
        }
        for _ in 0..4 {
            cost.note_busy(Duration::from_millis(5));
        }
        assert!(cost.busy() > Duration::from_micros(200));
    }
}
