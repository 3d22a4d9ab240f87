//! Queries with options.

#[allow(
    unused_imports,
    clippy::wildcard_imports,
    reason = "generated code must not use them"
)]
use crate::decoys::*;

use ::engine::{Cycle as Ring, QueryContext};

/// Runs in a task.
#[::engine::query(crate = engine, spawn)]
pub async fn spawned(number: u32, _cx: &QueryContext) -> u32 {
    number + 1
}

/// Runs to its end.
#[::engine::query(detached, crate = engine)]
pub async fn detached(cx: &QueryContext) -> u32 {
    spawned(1, cx).await
}

fn ring(cycle: &Ring, number: u32) -> ::core::option::Option<usize> {
    let length = cycle.participants().len();
    (number > 0).then_some(length)
}

/// Asks for itself.
#[::engine::query(cycle = ring, crate = engine)]
pub async fn circular(number: u32, cx: &QueryContext) -> ::core::option::Option<usize> {
    circular(number, cx).await
}

fn nothing(_: &Ring) {}

/// Asks for itself, and has neither parameters nor a value.
#[::engine::query(crate = engine, cycle = nothing)]
pub async fn bare(cx: &QueryContext) {
    bare(cx).await;
}

fn same<T>(_: &Ring, value: T, _: T) -> T {
    value
}

/// Knows nothing of its parameters but the bounds.
#[::engine::query(detached, cycle = same::<T>, spawn, crate = engine)]
pub async fn generic<T: ::engine::Stashable + ::core::hash::Hash>(
    value: T,
    run: T,
    cx: &QueryContext,
) -> T {
    generic(value, run, cx).await
}

/// Holds one value.
#[derive(::core::clone::Clone, ::core::cmp::PartialEq, ::core::cmp::Eq, ::core::hash::Hash)]
pub struct Holder<T>(pub T);

impl<T: ::engine::Stashable + ::core::hash::Hash> Holder<T> {
    fn broken(_: &Ring, this: Self, _: u8) -> T {
        this.0
    }

    /// Asks for itself.
    #[::engine::query(crate = engine, cycle = Self::broken, spawn)]
    pub async fn method(self, cycle: u8, cx: &QueryContext) -> T {
        self.method(cycle, cx).await
    }
}
