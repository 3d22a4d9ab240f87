//! How much of the heap is in use, as the binary `heap` counts it.
//!
//! That binary alone has the counting allocator: where time is measured, allocations are not counted.

use std::sync::OnceLock;

static LIVE: OnceLock<fn() -> usize> = OnceLock::new();

/// Says how live bytes are counted in this process.
pub fn count_with(live: fn() -> usize) {
    // A second one would be the same: a process has one allocator.
    let _ = LIVE.set(live);
}

/// Live bytes.
pub(crate) fn live() -> f64 {
    let live = LIVE
        .get()
        .expect("a measurement of the heap runs in the binary `heap`");
    live() as f64
}
