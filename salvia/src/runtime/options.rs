//! What a query function is told by the options of its attribute.

use crate::error::Cycle;

/// The options of one query. Written by generated code.
pub struct Options<Args, V> {
    /// Always update in a task of its own.
    pub(crate) spawn: bool,
    /// Finish even if nobody waits any more.
    pub(crate) detached: bool,
    /// The value when the query is part of a cycle.
    pub(crate) cycle: Option<fn(&Cycle, Args) -> V>,
}

impl<Args, V> Options<Args, V> {
    /// Those of `#[query]` alone.
    pub const fn new() -> Self {
        Options {
            spawn: false,
            detached: false,
            cycle: None,
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
    pub const fn cycle(self, value: fn(&Cycle, Args) -> V) -> Self {
        Options {
            cycle: Some(value),
            ..self
        }
    }
}

impl<Args, V> Default for Options<Args, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<Args, V> Clone for Options<Args, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Args, V> Copy for Options<Args, V> {}
