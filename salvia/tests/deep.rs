//! Depth and width: a chain of a hundred thousand bound queries, and a node with as many dependencies, on the two megabytes of
//! stack a tokio worker has. Set `SALVIA_DEPTH` for more.
//!
//! Each scenario runs in a process of its own, this binary again: a stack that overflows aborts that process, and here it is
//! one red test with its last words. Claims are about values and about what ran; the times and peaks that are printed decide
//! nothing.

#[expect(dead_code, reason = "the tests in `it` use all of it")]
#[path = "it/kit.rs"]
mod kit;

#[path = "deep/chain.rs"]
mod chain;
#[path = "deep/child.rs"]
mod child;
#[path = "deep/endings.rs"]
mod endings;
#[path = "deep/wide.rs"]
mod wide;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use salvia::{QueryContext, Runtime};

/// How many links a chain has above its first, and how many dependencies a wide node.
fn depth() -> u32 {
    match std::env::var("SALVIA_DEPTH") {
        Ok(number) => number.parse().expect("SALVIA_DEPTH is a number"),
        Err(_) => 100_000,
    }
}

/// How many bodies ran. Not by name: a million of them note themselves.
#[derive(Debug, Clone, Default)]
struct Runs(Arc<AtomicUsize>);

impl Runs {
    fn note(cx: &QueryContext) {
        cx.resource::<Runs>().0.fetch_add(1, Ordering::Relaxed);
    }

    /// How many since the last call.
    fn take(&self) -> usize {
        self.0.swap(0, Ordering::Relaxed)
    }
}

/// A runtime whose bodies can note that they ran.
fn counted() -> (Arc<Runtime>, Runs) {
    let runs = Runs::default();
    (kit::builder().resource(runs.clone()).build(), runs)
}
