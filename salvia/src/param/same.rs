//! Owned values that can be told to be the same without a look at what they hold.
//!
//! Two handles of one allocation are equal if what is in there equals itself, which is what `Eq` says. The handles of the
//! standard library ask their content all the same where it has no size, and those of `bytes` and `imbl` always do.

use super::tuple::each_tuple;
use crate::sync::Arc;

/// `==` that takes what is shared for equal. Of the types of others only, and of what holds those: where a type of a user
/// is met, its own `==` is asked.
pub trait Same: Eq {
    /// Whether they are equal.
    fn same(&self, other: &Self) -> bool;
}

impl<T: Eq + ?Sized> Same for Arc<T> {
    #[inline]
    fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(self, other) || **self == **other
    }
}

impl<T: Same> Same for Box<T> {
    fn same(&self, other: &Self) -> bool {
        T::same(self, other)
    }
}

impl<T: Same> Same for Option<T> {
    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Some(one), Some(other)) => one.same(other),
            (None, None) => true,
            _ => false,
        }
    }
}

impl<T: Same, E: Same> Same for Result<T, E> {
    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Ok(one), Ok(other)) => one.same(other),
            (Err(one), Err(other)) => one.same(other),
            _ => false,
        }
    }
}

impl<T: Same> Same for Vec<T> {
    fn same(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().zip(other).all(|(one, other)| one.same(other))
    }
}

macro_rules! tuples {
    ($($($name:ident $other:ident $index:tt)*;)*) => {$(
        impl<$($name: Same),*> Same for ($($name,)*) {
            fn same(&self, other: &Self) -> bool {
                true $(&& self.$index.same(&other.$index))*
            }
        }
    )*};
}

each_tuple! { tuples }

macro_rules! plain {
    ($($ty:ty)*) => {$(
        impl Same for $ty {
            #[inline]
            fn same(&self, other: &Self) -> bool {
                self == other
            }
        }
    )*};
}

plain! {
    () bool char u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize
    String std::path::PathBuf std::time::Duration
}

#[cfg(feature = "bytes")]
impl Same for ::bytes::Bytes {
    fn same(&self, other: &Self) -> bool {
        super::bytes::same(self, other)
    }
}

#[cfg(feature = "imbl")]
mod of_imbl {
    use ::imbl::shared_ptr::SharedPointerKind;
    use ::imbl::{GenericHashMap, GenericHashSet, GenericOrdMap, GenericOrdSet, GenericVector};

    use super::Same;

    macro_rules! collections {
        ($([$($params:tt)*] $collection:ty;)*) => {$(
            impl<$($params)*, P: SharedPointerKind> Same for $collection
            where
                $collection: Eq,
            {
                fn same(&self, other: &Self) -> bool {
                    self.ptr_eq(other) || self == other
                }
            }
        )*};
    }

    collections! {
        [T] GenericVector<T, P>;
        [K, V, S] GenericHashMap<K, V, S, P>;
        [T, S] GenericHashSet<T, S, P>;
        [K, V] GenericOrdMap<K, V, P>;
        [T] GenericOrdSet<T, P>;
    }
}
