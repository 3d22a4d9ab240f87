//! How many query bodies ran: what makes a measurement one of incrementality.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

static RAN: AtomicU64 = AtomicU64::new(0);

/// Says that a body runs. For bodies that run one after the other, on whatever threads: a plain load and store, since an atomic
/// addition would be a good part of what some engines need for a node.
#[inline]
pub(crate) fn ran() {
    RAN.store(RAN.load(Relaxed) + 1, Relaxed);
}

/// Says that a body runs, perhaps beside others.
pub(crate) fn ran_beside_others() {
    RAN.fetch_add(1, Relaxed);
}

/// Bodies that ran since this was last asked.
pub(crate) fn taken() -> u64 {
    RAN.swap(0, Relaxed)
}

/// Ends the measurement if other than `expected` bodies ran since the last question: what was timed was not the work in question.
#[track_caller]
pub(crate) fn expect(expected: u64) {
    let ran = taken();
    assert_eq!(ran, expected, "bodies ran, and were expected to");
}
