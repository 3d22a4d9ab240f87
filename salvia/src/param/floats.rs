//! Floats, by their bits: `0.0` is not `-0.0`, which `1.0 / x` tells apart, and a NaN is the same as itself.

use std::any::Any;
use std::ops::Deref;
use std::rc::Rc;
use std::slice::from_ref;

use super::ToStatic;
use crate::sync::Arc;

macro_rules! floats {
    ($($float:ident)*) => {$(
        impl ToStatic for $float {
            type Static = $float;

            #[inline]
            fn to_static(&self) -> $float {
                *self
            }

            #[inline]
            fn eq_static(&self, kept: &$float) -> bool {
                self.to_bits() == kept.to_bits()
            }
        }

        impl Float for $float {
            fn is_same(&self, other: &Self) -> bool {
                self.eq_static(other)
            }
        }
    )*};
}

floats! { f32 f64 }

/// Compares what stands behind two handles that ask for `PartialEq` only. Floats that can be told by the type of the
/// handle are compared by their bits all the same; inside of types of users, those types say what is equal.
pub(super) fn same<C: Any>(one: &C, other: &C, equal: impl FnOnce(&C, &C) -> bool) -> bool {
    let pair: Pair<'_> = (one, other);
    known::<f32>(pair)
        .or_else(|| known::<f64>(pair))
        .unwrap_or_else(|| equal(one, other))
}

type Pair<'a> = (&'a dyn Any, &'a dyn Any);

trait Float: Sized + 'static {
    fn is_same(&self, other: &Self) -> bool;
}

/// The handles that say by their type that they lead to floats.
fn known<F: Float>(pair: Pair<'_>) -> Option<bool> {
    behind::<Arc<F>, F>(pair, from_ref)
        .or_else(|| behind::<Arc<[F]>, F>(pair, |floats| floats))
        .or_else(|| behind::<Arc<Vec<F>>, F>(pair, |floats| floats))
        .or_else(|| behind::<Rc<F>, F>(pair, from_ref))
        .or_else(|| behind::<Rc<[F]>, F>(pair, |floats| floats))
        .or_else(|| behind::<Rc<Vec<F>>, F>(pair, |floats| floats))
}

fn behind<H, F>(pair: Pair<'_>, floats: fn(&H::Target) -> &[F]) -> Option<bool>
where
    H: Deref + Any,
    F: Float,
{
    let one = floats(pair.0.downcast_ref::<H>()?);
    let other = floats(pair.1.downcast_ref::<H>()?);
    let each = |(one, other): (&F, &F)| one.is_same(other);
    Some(one.len() == other.len() && one.iter().zip(other).all(each))
}
