//! What generated code calls. Not public API.

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::hash::Hash;
use std::pin::Pin;

use crate::stub::*;

pub use crate::stub::{Get, Set};
pub use crate::{assert, describe};

/// An erased value.
pub struct Value(#[allow(dead_code)] Box<dyn Any + Send + Sync>);

/// The body of one execution, ready to be polled.
pub type Running = Pin<Box<dyn Future<Output = Value> + Send + 'static>>;

/// What a query's owned arguments have to be. Blanket.
pub trait Key: Clone + Eq + Hash + Send + Sync + 'static {}
impl<T: Clone + Eq + Hash + Send + Sync + 'static> Key for T {}

/// Boxes the body of a query.
pub fn running<V: Stashable, F>(body: F) -> Running
where
    F: Future<Output = V> + Send + 'static,
{
    Box::pin(async move { Value(Box::new(body.await)) })
}

/// Makes the future of one call of a query.
pub fn query<'cx, M, Args, V>(
    cx: &'cx QueryContext,
    args: Args,
    marker: M,
    run: fn(Args, QueryContext) -> Running,
    describe: fn(&Args, &mut fmt::Formatter<'_>) -> fmt::Result,
) -> Query<'cx, Args, V>
where
    M: Copy + 'static,
    Args: Key,
    V: Stashable,
{
    let _ = (cx, args, marker, run, describe);
    unimplemented!()
}

/// Reads an input.
pub fn get<'cx, H, V>(host: H, cx: &'cx impl ReadContext) -> Get<'cx, H, V>
where
    H: Input<V>,
    V: Stashable,
{
    let _ = (host, cx);
    unimplemented!()
}

/// Sets an input.
pub fn set<'cx, H, V>(host: H, value: V, cx: &'cx InputContext) -> Set<'cx, H, V>
where
    H: Input<V>,
    V: Stashable,
{
    let _ = (host, value, cx);
    unimplemented!()
}
