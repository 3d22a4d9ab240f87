//! How many query bodies ran: what makes a measurement one of incrementality.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};

static RAN: AtomicU64 = AtomicU64::new(0);

/// Bodies that run now, of those that say so; and how many began while another one ran.
static RUNNING: AtomicU64 = AtomicU64::new(0);
static BESIDE: AtomicU64 = AtomicU64::new(0);

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

/// Runs a body, and takes note if another one runs when it begins. That two were under way at once does not depend on how many
/// cores were free for them.
pub(crate) fn beside_another<T>(body: impl FnOnce() -> T) -> T {
    if RUNNING.fetch_add(1, SeqCst) > 0 {
        BESIDE.fetch_add(1, SeqCst);
    }
    let value = body();
    RUNNING.fetch_sub(1, SeqCst);
    value
}

/// Bodies that began beside another since this was last asked.
pub(crate) fn began_beside() -> u64 {
    BESIDE.swap(0, SeqCst)
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
