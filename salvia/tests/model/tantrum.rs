//! Bodies that panic: now and then, a bounded number of times in a world.
//!
//! A panic is for one attempt; the next one of the same node most likely goes through, and once all
//! are used up every one does.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::lab::Hook;
use crate::rng::{Rng, mix};

const TEXT: &str = "a planned panic of a body";

#[derive(Debug)]
pub(crate) struct Tantrums {
    seed: u64,
    drawn: AtomicU64,
    left: AtomicU64,
}

impl Tantrums {
    /// None in most worlds.
    pub(crate) fn new(seed: u64, rng: &mut Rng) -> Arc<Self> {
        let left = [0, 0, 5, 100][rng.below(4)];
        Arc::new(Self {
            seed: mix(seed),
            drawn: AtomicU64::new(0),
            left: AtomicU64::new(left),
        })
    }

    /// No more from here on.
    pub(crate) fn end(&self) {
        self.left.store(0, Ordering::Relaxed);
    }
}

impl Hook for Tantrums {
    fn at(&self) {
        if self.left.load(Ordering::Relaxed) == 0 {
            return;
        }
        let drawn = self.drawn.fetch_add(1, Ordering::Relaxed);
        let hit = mix(self.seed ^ drawn) % 256 < 4;
        let less = |left: u64| left.checked_sub(1);
        if hit
            && self
                .left
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, less)
                .is_ok()
        {
            // Without the panic hook: thousands of backtraces would help nobody.
            std::panic::resume_unwind(Box::new(TEXT));
        }
    }
}

/// Whether this is the text of a failure that was planned; else it is a violation.
pub(crate) fn is_planned(text: &str) -> Result<(), String> {
    if text.contains(TEXT) {
        Ok(())
    } else {
        Err(format!("a query failed: {text}"))
    }
}
