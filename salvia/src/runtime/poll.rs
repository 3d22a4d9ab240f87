//! What the engine remembers for the length of one poll, in thread-locals that are put back
//! when the poll ends, also by unwinding: how deep updates are nested in place, and which
//! mutations are being polled around this call.

use std::cell::{Cell, RefCell};

/// How many updates may be polled inside one another before one is given a task of its own.
/// A worker's stack of 2 MiB holds this many bodies of 16 KiB with room to spare.
const MAX_DEPTH: u32 = 64;

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
    static MUTATING: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

/// One level of nested in-place polling.
pub(crate) struct Nested(());

impl Nested {
    /// `None` if the nesting is as deep as it may become.
    pub(crate) fn enter() -> Option<Self> {
        let depth = DEPTH.get();
        (depth < MAX_DEPTH).then(|| {
            DEPTH.set(depth + 1);
            Nested(())
        })
    }

    /// Whether this is the level that everything else is nested in.
    pub(crate) fn is_outermost(&self) -> bool {
        DEPTH.get() == 1
    }
}

impl Drop for Nested {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get() - 1);
    }
}

/// Marks this poll as one of a mutation of the engine at an address.
pub(crate) struct Mutating(());

impl Mutating {
    pub(crate) fn enter(engine: usize) -> Self {
        MUTATING.with_borrow_mut(|marks| marks.push(engine));
        Mutating(())
    }

    pub(crate) fn is_marked(engine: usize) -> bool {
        MUTATING.with_borrow(|marks| marks.contains(&engine))
    }
}

impl Drop for Mutating {
    fn drop(&mut self) {
        MUTATING.with_borrow_mut(|marks| marks.pop());
    }
}
