//! What a query function is told by the options of its attribute.

use std::any::Any;

use crate::error::Cycle;
use crate::value::Value;

/// The options of one query. Written by generated code.
#[derive(Clone, Copy)]
pub struct Options {
    /// Always update in a task of its own.
    pub(crate) spawn: bool,
    /// Finish even if nobody waits any more.
    pub(crate) detached: bool,
    /// The value when the query is part of a cycle. It takes the arguments from the slot.
    pub(crate) cycle: Option<fn(&Cycle, &mut dyn Any) -> Value>,
    /// Early cut-off; `None` for `Eq`.
    pub(crate) same: Option<fn(&Value, &Value) -> bool>,
    /// The bytes a value has on the heap; `None` for none.
    pub(crate) size: Option<fn(&Value) -> usize>,
    /// How many values are kept at most; 0 for all.
    pub(crate) lru: usize,
}

impl Options {
    /// Those of `#[query]` alone.
    pub const fn new() -> Self {
        Options {
            spawn: false,
            detached: false,
            cycle: None,
            same: None,
            size: None,
            lru: 0,
        }
    }

    /// `spawn`.
    #[must_use]
    pub const fn spawn(self) -> Self {
        Options {
            spawn: true,
            ..self
        }
    }

    /// `detached`.
    #[must_use]
    pub const fn detached(self) -> Self {
        Options {
            detached: true,
            ..self
        }
    }

    /// `cycle = path`.
    #[must_use]
    pub const fn cycle(self, value: fn(&Cycle, &mut dyn Any) -> Value) -> Self {
        Options {
            cycle: Some(value),
            ..self
        }
    }

    /// `eq = path`.
    #[must_use]
    pub const fn eq(self, same: fn(&Value, &Value) -> bool) -> Self {
        Options {
            same: Some(same),
            ..self
        }
    }

    /// Compares as `same` says, if it says anything.
    #[must_use]
    pub const fn compare(self, same: Option<fn(&Value, &Value) -> bool>) -> Self {
        Options { same, ..self }
    }

    /// `no_eq`.
    #[must_use]
    pub const fn no_eq(self) -> Self {
        self.eq(|_, _| false)
    }

    /// `size = path`.
    #[must_use]
    pub const fn size(self, size: fn(&Value) -> usize) -> Self {
        Options {
            size: Some(size),
            ..self
        }
    }

    /// `lru = count`.
    #[must_use]
    pub const fn lru(self, count: usize) -> Self {
        assert!(count > 0, "salvia: `lru` keeps at least one value");
        Options { lru: count, ..self }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::new()
    }
}
