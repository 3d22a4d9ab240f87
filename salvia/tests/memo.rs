//! What memos promise, one named test a claim.
//!
//! `memo/` has a module for each theme. What runs is counted in the thread, so that tests do not disturb each other; the
//! allocations of the whole process are counted in a binary of its own, `memo_alloc`.

#[path = "memo/arguments.rs"]
mod arguments;
#[path = "memo/bodies.rs"]
mod bodies;
#[path = "memo/generic.rs"]
mod generic;
#[path = "memo/reentry.rs"]
mod reentry;
#[path = "memo/shared.rs"]
mod shared;
#[path = "memo/strategies.rs"]
mod strategies;
#[path = "memo/threads.rs"]
mod threads;

use std::cell::Cell;

thread_local! {
    static RUNS: Cell<u32> = const { Cell::new(0) };
}

/// Said by every body.
fn ran() {
    RUNS.set(RUNS.get() + 1);
}

/// How often bodies ran in this thread while `calls` was made.
fn runs<T>(calls: impl FnOnce() -> T) -> u32 {
    let before = RUNS.get();
    calls();
    RUNS.get() - before
}
