//! What the updates of one kind have cost so far: running estimates, for deciding where to run
//! the next one and how long to keep one that nobody waits for.

use std::time::Duration;

use crate::sync::{AtomicU32, AtomicU64, Ordering};

/// The first executions are measured, and then one in this many.
const SAMPLE: u32 = 16;

/// Running estimates of one kind. Written by whoever has measured; a lost update is harmless.
#[derive(Default)]
pub(crate) struct Cost {
    executions: AtomicU32,
    /// Nanoseconds a body is busy, without what it asks for.
    busy: AtomicU64,
    /// Nanoseconds from beginning to end of an update that had to wait; 0 if none has.
    wall: AtomicU64,
}

impl Cost {
    /// Whether the next execution should be measured.
    pub(crate) fn is_due(&self) -> bool {
        let count = self.executions.load(Ordering::Relaxed);
        self.executions
            .store(count.wrapping_add(1), Ordering::Relaxed);
        count < SAMPLE || count.is_multiple_of(SAMPLE)
    }

    pub(crate) fn note_busy(&self, took: Duration) {
        average(&self.busy, took);
    }

    pub(crate) fn note_wall(&self, took: Duration) {
        average(&self.wall, took);
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

/// Moves an estimate a quarter of the way to what was measured.
fn average(estimate: &AtomicU64, took: Duration) {
    let took = u64::try_from(took.as_nanos())
        .unwrap_or(u64::MAX / 4)
        .max(1);
    let before = estimate.load(Ordering::Relaxed);
    let after = if before == 0 {
        took
    } else {
        before - before / 4 + took / 4
    };
    estimate.store(after, Ordering::Relaxed);
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
    fn the_first_executions_are_measured_and_then_a_few() {
        let cost = Cost::default();
        let due = (0..160).filter(|_| cost.is_due()).count();
        assert_eq!(due, 16 + 9);
    }
}
