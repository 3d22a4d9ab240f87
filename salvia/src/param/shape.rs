//! Options, results, ranges and other plain shapes of the standard library: the same of snapshots, keys or views.

use std::cmp::Reverse;
use std::hash::{Hash, Hasher};
use std::num::{Saturating, Wrapping};
use std::ops::Bound::{Excluded, Included, Unbounded};
use std::ops::ControlFlow::{Break, Continue};
use std::ops::{
    Bound, ControlFlow, Range, RangeFrom, RangeFull, RangeInclusive, RangeTo, RangeToInclusive,
};

use super::{Param, ToStatic};

/// For each shape its variants, with two names and the type for each place in them.
macro_rules! shapes {
    ($($ty:ident<$($param:ident),*> {
        $($number:literal: $shape:ident { $($field:tt: $one:ident $other:ident $of:ident),* })*
    })*) => {$(
        impl<$($param: ToStatic),*> ToStatic for $ty<$($param),*> {
            type Static = $ty<$($param::Static),*>;

            fn to_static(&self) -> Self::Static {
                match self {
                    $($shape { $($field: $one),* } => $shape { $($field: $one.to_static()),* },)*
                }
            }

            #[inline]
            fn eq_static(&self, kept: &Self::Static) -> bool {
                match (self, kept) {
                    $(($shape { $($field: $one),* }, $shape { $($field: $other),* }) => {
                        true $(&& $one.eq_static($other))*
                    })*
                    #[allow(unreachable_patterns, reason = "a struct has but one shape")]
                    _ => false,
                }
            }
        }

        impl<$($param: Param),*> Param for $ty<$($param),*> {
            type Key = $ty<$($param::Key),*>;
            type View<'k> = $ty<$($param::View<'k>),*>;

            #[inline]
            fn hash_view<Z: Hasher>(&self, state: &mut Z) {
                match self {
                    $($shape { $($field: $one),* } => {
                        state.write_u8($number);
                        $($one.hash_view(state);)*
                    })*
                }
            }

            #[inline]
            fn matches(&self, key: &Self::Key) -> bool {
                match (self, key) {
                    $(($shape { $($field: $one),* }, $shape { $($field: $other),* }) => {
                        true $(&& $one.matches($other))*
                    })*
                    #[allow(unreachable_patterns, reason = "a struct has but one shape")]
                    _ => false,
                }
            }

            fn to_key(&self) -> Self::Key {
                match self {
                    $($shape { $($field: $one),* } => $shape { $($field: $one.to_key()),* },)*
                }
            }

            fn view(key: &Self::Key) -> Self::View<'_> {
                match key {
                    $($shape { $($field: $one),* } => $shape { $($field: $of::view($one)),* },)*
                }
            }
        }
    )*};
}

shapes! {
    Option<T> {
        0: None {}
        1: Some { 0: a b T }
    }
    Result<T, E> {
        0: Ok { 0: a b T }
        1: Err { 0: a b E }
    }
    ControlFlow<T, C> {
        0: Break { 0: a b T }
        1: Continue { 0: a b C }
    }
    Bound<T> {
        0: Included { 0: a b T }
        1: Excluded { 0: a b T }
        2: Unbounded {}
    }
    Range<T> { 0: Range { start: a b T, end: c d T } }
    RangeFrom<T> { 0: RangeFrom { start: a b T } }
    RangeTo<T> { 0: RangeTo { end: a b T } }
    RangeToInclusive<T> { 0: RangeToInclusive { end: a b T } }
    Reverse<T> { 0: Reverse { 0: a b T } }
    Wrapping<T> { 0: Wrapping { 0: a b T } }
    Saturating<T> { 0: Saturating { 0: a b T } }
}

super::owned::owned! { RangeFull }

/// It does not tell whether it has been used up, except by its `==`. So it is kept as it is.
impl<T: Clone + Eq + 'static> ToStatic for RangeInclusive<T> {
    type Static = RangeInclusive<T>;

    fn to_static(&self) -> Self::Static {
        self.clone()
    }

    #[inline]
    fn eq_static(&self, kept: &Self::Static) -> bool {
        self == kept
    }
}

impl<T: Clone + Eq + Hash + Send + Sync + 'static> Param for RangeInclusive<T> {
    type Key = RangeInclusive<T>;
    type View<'k> = RangeInclusive<T>;

    #[inline]
    fn hash_view<H: Hasher>(&self, state: &mut H) {
        self.hash(state);
    }

    #[inline]
    fn matches(&self, key: &Self::Key) -> bool {
        self == key
    }

    fn to_key(&self) -> Self::Key {
        self.clone()
    }

    fn view(key: &Self::Key) -> Self::View<'_> {
        key.clone()
    }
}
