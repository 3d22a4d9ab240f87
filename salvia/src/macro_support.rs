//! What generated code calls. Not public API: anything here may change in any release.

use std::fmt;
use std::future::Future;
use std::hash::Hash;

use crate::runtime::access;
use crate::runtime::call::{ByHandle, Cloned, Spec, identify};
use crate::value::{Stashable, Value};
use crate::{Input, InputContext, Query, QueryContext, ReadContext, Shared};

pub use crate::node::bound::Running;
pub use crate::runtime::access::{Get, Set};
pub use crate::runtime::options::Options;
pub use crate::{assert, describe};
pub use salvia_macros::ExactBounds;

/// What a query's owned arguments have to be. Blanket.
pub trait Key: Clone + Eq + Hash + Send + Sync + 'static {}
impl<T: Clone + Eq + Hash + Send + Sync + 'static> Key for T {}

/// Boxes the body of a query, once, together with what makes its value an erased one.
pub fn running<V: Send + Sync + 'static, F>(body: F) -> Running
where
    F: Future<Output = V> + Send + 'static,
{
    Box::pin(async move { Value::new(body.await) })
}

/// A value for the engine to keep.
pub fn keep<V: Send + Sync + 'static>(value: V) -> Value {
    Value::new(value)
}

/// A value that it keeps.
pub fn kept<V: 'static>(value: &Value) -> &V {
    value.get()
}

/// What generated code says of a query.
pub struct Call<Args, M> {
    /// Its type identifies the query and, of a generic one, the instance.
    pub marker: M,
    /// Starts the body.
    pub run: fn(Args, QueryContext) -> Running,
    /// Writes the arguments.
    pub describe: fn(&Args, &mut fmt::Formatter<'_>) -> fmt::Result,
    /// What the attribute says.
    pub options: Options<Args>,
}

impl<Args: Key, M: Copy + 'static> Call<Args, M> {
    fn spec(self, same: fn(&Value, &Value) -> bool) -> Spec<Args> {
        let (id, path) = identify(&self.marker);
        Spec {
            id,
            path,
            run: self.run,
            describe: self.describe,
            same: self.options.same.unwrap_or(same),
            options: self.options,
        }
    }

    /// Makes the future of one call, which gives a clone. Values are compared as the options say.
    pub fn cloned<V: Clone + Send + Sync + 'static>(
        self,
        cx: &QueryContext,
        args: Args,
    ) -> Query<'_, Args, V> {
        Query::new::<Cloned>(cx, args, self.spec(never))
    }

    /// The same, and values are compared by `Eq` if the options say nothing.
    pub fn cloned_eq<V: Stashable>(self, cx: &QueryContext, args: Args) -> Query<'_, Args, V> {
        Query::new::<Cloned>(cx, args, self.spec(equal::<V>))
    }

    /// Makes the future of one call, which gives a handle. Values are compared as the options say.
    pub fn shared<V: Send + Sync + 'static>(
        self,
        cx: &QueryContext,
        args: Args,
    ) -> Query<'_, Args, Shared<V>> {
        Query::new::<ByHandle>(cx, args, self.spec(never))
    }

    /// The same, and values are compared by `Eq` if the options say nothing.
    pub fn shared_eq<V: Eq + Send + Sync + 'static>(
        self,
        cx: &QueryContext,
        args: Args,
    ) -> Query<'_, Args, Shared<V>> {
        Query::new::<ByHandle>(cx, args, self.spec(equal::<V>))
    }
}

fn equal<V: Eq + 'static>(old: &Value, new: &Value) -> bool {
    old.get::<V>() == new.get::<V>()
}

fn never(_: &Value, _: &Value) -> bool {
    false
}

/// Reads an input.
pub fn get<'cx, H, V>(host: H, cx: &'cx impl ReadContext) -> Get<'cx, H, V>
where
    H: Input<V>,
    V: Stashable,
{
    access::get(host, cx)
}

/// Sets an input.
pub fn set<'cx, H, V>(host: H, value: V, cx: &'cx InputContext) -> Set<'cx, H, V>
where
    H: Input<V>,
    V: Stashable,
{
    access::set(host, value, cx)
}
