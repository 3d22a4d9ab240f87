//! What generated code calls. Not public API: anything here may change in any release.

use std::fmt;
use std::future::Future;

use crate::runtime::access;
use crate::runtime::call::{Spec, identify};
use crate::value::{Stashable, Value};
use crate::{Input, InputContext, Query, QueryContext, ReadContext};

pub use crate::memo::hidden as memo;
pub use crate::node::bound::Running;
pub use crate::param::{HashEntries, Key};
pub use crate::runtime::access::{Get, Set};
pub use crate::runtime::options::Options;
pub use crate::{assert, describe};

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
pub fn running<V: Stashable, F>(body: F) -> Running
where
    F: Future<Output = V> + Send + 'static,
{
    Box::pin(async move { Value::new(body.await) })
}

/// Makes the future of one call. The type of `marker` identifies the query and, of a generic
/// one, the instance.
pub fn query_with<'cx, M, Args, V>(
    cx: &'cx QueryContext,
    args: Args,
    marker: M,
    run: fn(Args, QueryContext) -> Running,
    describe: fn(&Args, &mut fmt::Formatter<'_>) -> fmt::Result,
    options: Options<Args, V>,
) -> Query<'cx, Args, V>
where
    M: Copy + 'static,
    Args: Key,
    V: Stashable,
{
    let (id, path) = identify(&marker);
    let spec = Spec {
        id,
        path,
        run,
        describe,
        options,
    };
    Query::new(cx, args, spec)
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
