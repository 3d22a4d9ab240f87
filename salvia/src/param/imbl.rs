//! The collections of `imbl`: those that share their root are the same and are not walked.
//!
//! A snapshot is a clone, which shares everything.

use std::any::Any;
use std::hash::{Hash, Hasher};

use ::imbl::shared_ptr::SharedPointerKind;
use ::imbl::{GenericHashMap, GenericHashSet, GenericOrdMap, GenericOrdSet, GenericVector};

use super::{Param, ToStatic};

macro_rules! collections {
    ($([$($params:tt)*] $collection:ty: $same:path;)*) => {$(
        impl<$($params)*, P> ToStatic for $collection
        where
            P: SharedPointerKind,
            $collection: Clone + PartialEq + 'static,
        {
            type Static = $collection;

            fn to_static(&self) -> $collection {
                self.clone()
            }

            #[inline]
            fn eq_static(&self, kept: &$collection) -> bool {
                self.ptr_eq(kept) || $same(self, kept)
            }
        }
    )*};
}

collections! {
    [T] GenericVector<T, P>: same_vectors;
    [K, V, S] GenericHashMap<K, V, S, P>: PartialEq::eq;
    [T, S] GenericHashSet<T, S, P>: PartialEq::eq;
    [K, V] GenericOrdMap<K, V, P>: PartialEq::eq;
    [T] GenericOrdSet<T, P>: PartialEq::eq;
}

/// The hash maps and sets are not among the keys: two that are equal may not have the same hash.
macro_rules! keys {
    ($([$($params:tt)*] $collection:ty;)*) => {$(
        impl<$($params)*, P> Param for $collection
        where
            P: SharedPointerKind,
            $collection: Clone + Eq + Hash + Send + Sync + 'static,
        {
            type Key = $collection;
            type View<'k> = $collection;

            #[inline]
            fn hash_view<H: Hasher>(&self, state: &mut H) {
                self.hash(state);
            }

            #[inline]
            fn matches(&self, key: &$collection) -> bool {
                self.ptr_eq(key) || self == key
            }

            fn to_key(&self) -> $collection {
                self.clone()
            }

            fn view(key: &$collection) -> $collection {
                key.clone()
            }
        }
    )*};
}

keys! {
    [T] GenericVector<T, P>;
    [K, V] GenericOrdMap<K, V, P>;
    [T] GenericOrdSet<T, P>;
}

/// Vectors of floats are told by their type, and compared by bits.
fn same_vectors<T, P>(one: &GenericVector<T, P>, other: &GenericVector<T, P>) -> bool
where
    P: SharedPointerKind,
    GenericVector<T, P>: PartialEq + 'static,
{
    by_bits::<f32, P>(one, other)
        .or_else(|| by_bits::<f64, P>(one, other))
        .unwrap_or_else(|| one == other)
}

fn by_bits<F, P>(one: &dyn Any, other: &dyn Any) -> Option<bool>
where
    F: ToStatic<Static = F>,
    P: SharedPointerKind,
    GenericVector<F, P>: Any,
{
    let one = one.downcast_ref::<GenericVector<F, P>>()?;
    let other = other.downcast_ref::<GenericVector<F, P>>()?;
    Some(
        one.len() == other.len()
            && one
                .iter()
                .zip(other.iter())
                .all(|(one, other)| one.eq_static(other)),
    )
}
