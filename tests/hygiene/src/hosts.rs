//! Hosts of inputs.

#[allow(
    unused_imports,
    clippy::wildcard_imports,
    reason = "generated code must not use them"
)]
use crate::decoys::*;

use ::engine::QueryContext;

/// A host.
#[derive(
    ::core::clone::Clone,
    ::core::cmp::PartialEq,
    ::core::cmp::Eq,
    ::core::hash::Hash,
    ::engine::InputAccess,
)]
#[input_access(crate = engine)]
pub struct Price(pub &'static str);

impl ::engine::Input<u32> for Price {
    fn initial(&self) -> u32 {
        0
    }
}

/// A host whose parameters have the names of the methods' own.
#[derive(
    ::core::clone::Clone,
    ::core::cmp::PartialEq,
    ::core::cmp::Eq,
    ::core::hash::Hash,
    ::engine::InputAccess,
)]
#[input_access(crate = ::engine)]
pub enum Named<V, Value: ::core::clone::Clone = V, const V_: usize = 1>
where
    V: ::core::clone::Clone,
{
    /// First.
    First(V),
    /// Second.
    Second(Value),
}

impl ::engine::Input<u32> for Named<u8> {
    fn initial(&self) -> u32 {
        7
    }
}

/// A type that cannot be a host derives the access all the same.
#[derive(::engine::InputAccess)]
#[input_access(crate = engine)]
pub struct Unfit(pub ::core::cell::Cell<u8>);

/// The price of two things.
#[::engine::query(crate = engine)]
pub async fn total(cx: &QueryContext) -> u32 {
    Price("apple").get(cx).await
        + Price("pear").get::<u32>(&cx).await
        + Named::First(1).get(cx).await
}
