//! What generated code calls. Not public API: anything here may change in any release.

use std::future::Future;
use std::marker::PhantomData;

use crate::runtime::access::{self, Show};
use crate::runtime::arguments::Arguments;
use crate::runtime::call::{ByHandle, Cloned, Give};
use crate::runtime::spec::{Describe, Run, Spec, identify};
use crate::value::{Stashable, Value};
use crate::{Input, InputContext, Query, QueryContext, ReadContext, Shared};

pub use crate::memo::hidden as memo;
pub use crate::node::bound::Running;
pub use crate::param::{HashEntries, Key};
pub use crate::runtime::access::{Get, Set};
pub use crate::runtime::arguments::{Own, OwnedArgument, Placed, again, view};
pub use crate::runtime::options::Options;
pub use crate::runtime::spec::{taken, tuple, viewed};
pub use crate::scope::nested::{
    ByReference, ByValue, ByView, Nested, Probe, Returns, hold, nested, nested_in_slot,
};
pub use crate::value::Erased;
pub use crate::{assert, describe, sharing, views};
pub use salvia_macros::ExactBounds;

/// Fields of projections that are kept as they are, `'static` references among them.
pub mod owned {
    use std::hash::Hasher;

    use super::Key;

    /// The methods of `Param`, for anything that can be a key.
    pub trait Owned {
        /// `Self`, by another name.
        type Itself: Key;

        /// Feeds a hasher.
        fn hash_view<H: Hasher>(&self, state: &mut H);

        /// Compares.
        fn matches(&self, key: &Self::Itself) -> bool;

        /// Makes the key.
        fn to_key(&self) -> Self::Itself;

        /// Makes the field.
        fn view(key: &Self::Itself) -> Self;
    }

    impl<T: Key> Owned for T {
        type Itself = T;

        #[inline]
        fn hash_view<H: Hasher>(&self, state: &mut H) {
            self.hash(state);
        }

        #[inline]
        fn matches(&self, key: &T) -> bool {
            self == key
        }

        fn to_key(&self) -> T {
            self.clone()
        }

        fn view(key: &T) -> T {
            key.clone()
        }
    }
}

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

/// How a query compares its values, and how it gives them out.
pub(crate) trait Way {
    /// What a call gives.
    type Given;
    type Give: Give<Self::Given>;
    /// Early cut-off, if the options do not say another.
    const SAME: fn(&Value, &Value) -> bool;
}

/// Values are compared by `Eq`.
pub(crate) struct Equal<V>(PhantomData<V>);

/// Values are compared as the options say.
pub(crate) struct Uncompared<V>(PhantomData<V>);

/// Handles are given.
pub(crate) struct Handed<W>(PhantomData<W>);

impl<V: Stashable> Way for Equal<V> {
    type Given = V;
    type Give = Cloned;
    const SAME: fn(&Value, &Value) -> bool = equal::<V>;
}

impl<V: Clone + Send + Sync + 'static> Way for Uncompared<V> {
    type Given = V;
    type Give = Cloned;
    const SAME: fn(&Value, &Value) -> bool = never;
}

impl<V: Eq + Send + Sync + 'static> Way for Handed<Equal<V>> {
    type Given = Shared<V>;
    type Give = ByHandle;
    const SAME: fn(&Value, &Value) -> bool = equal::<V>;
}

impl<V: Send + Sync + 'static> Way for Handed<Uncompared<V>> {
    type Given = Shared<V>;
    type Give = ByHandle;
    const SAME: fn(&Value, &Value) -> bool = never;
}

fn equal<V: Eq + 'static>(old: &Value, new: &Value) -> bool {
    old.get::<V>() == new.get::<V>()
}

fn never(_: &Value, _: &Value) -> bool {
    false
}

/// Makes the future of one call. The type of `marker` identifies the query and, of a generic
/// one, the instance.
// Inlined, with all it calls: a call is some hundred bytes, most of them constants, which would else be written, moved twice
// and read again at each hit.
#[inline]
pub(crate) fn query<W: Way, M, A>(
    cx: &QueryContext,
    args: A::Given,
    marker: M,
    run: Run,
    describe: Describe,
    options: Options,
) -> Query<'_, A::Given, W::Given>
where
    M: Copy + 'static,
    A: Arguments,
{
    let (id, path) = identify(&marker);
    let spec = Spec {
        id,
        path,
        run,
        describe,
        options: options.compare(Some(options.same.unwrap_or(W::SAME))),
    };
    Query::new::<W::Give, A>(cx, args, spec)
}

/// Reads an input. `shown` writes the host, for its name.
#[inline]
pub fn get<'cx, H, V>(host: H, shown: Show<H>, cx: &'cx impl ReadContext) -> Get<'cx, H, V>
where
    H: Input<V>,
    V: Stashable,
{
    access::get(host, Some(shown), cx)
}

/// Sets an input. `shown` writes the host, for its name.
pub fn set<'cx, H, V>(host: H, value: V, shown: Show<H>, cx: &'cx InputContext) -> Set<'cx, H, V>
where
    H: Input<V>,
    V: Stashable,
{
    access::set(host, value, Some(shown), cx)
}
