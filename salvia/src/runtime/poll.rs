//! What the engine remembers for the length of one poll, in thread-locals that are put back
//! when the poll ends, also by unwinding: how deep updates are nested in place, and for which
//! engines the code around this call is a mutation's closure or a query's body.

use std::cell::{Cell, RefCell};

use crate::runtime::engine::Engine;

/// How many updates may be polled inside one another before one is given a task of its own.
/// A worker's stack of 2 MiB holds this many bodies of 16 KiB with room to spare.
const MAX_DEPTH: u32 = 64;

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
    static MARKS: RefCell<Vec<(Doing, *const Engine)>> = const { RefCell::new(Vec::new()) };
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

/// What user code is being polled for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doing {
    /// A mutation's closure.
    Mutation,
    /// A query's body.
    Body,
}

/// Marks this poll as one of user code for the engine at an address.
pub(crate) struct Mark(());

impl Mark {
    pub(crate) fn enter(doing: Doing, engine: *const Engine) -> Self {
        MARKS.with_borrow_mut(|marks| marks.push((doing, engine)));
        Mark(())
    }

    /// Whether this call comes out of such user code.
    pub(crate) fn is_set(doing: Doing, engine: *const Engine) -> bool {
        MARKS.with_borrow(|marks| marks.contains(&(doing, engine)))
    }
}

impl Drop for Mark {
    fn drop(&mut self) {
        MARKS.with_borrow_mut(|marks| marks.pop());
    }
}
