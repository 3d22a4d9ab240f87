//! Counted pointers: what two of them share is the same, whatever it holds, and is not compared.

use std::any::Any;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use super::floats::same;
use super::{Param, ToStatic};
use crate::sync::Arc;

macro_rules! counted {
    ($($handle:ident)*) => {$(
        /// Asks nothing of what is behind the handle but a comparison. So nothing is copied for a snapshot.
        impl<T: PartialEq + ?Sized + 'static> ToStatic for $handle<T>
        where
            $handle<T>: Any,
        {
            type Static = $handle<T>;

            #[inline]
            fn to_static(&self) -> $handle<T> {
                $handle::clone(self)
            }

            #[inline]
            fn eq_static(&self, kept: &$handle<T>) -> bool {
                $handle::ptr_eq(self, kept) || same(self, kept, |one, other| **one == **other)
            }
        }
    )*};
}

counted! { Arc Rc }

impl<T: Eq + Hash + Send + Sync + ?Sized + 'static> Param for Arc<T> {
    type Key = Arc<T>;
    type View<'k> = Arc<T>;

    #[inline]
    fn hash_view<H: Hasher>(&self, state: &mut H) {
        T::hash(self, state);
    }

    #[inline]
    fn matches(&self, key: &Arc<T>) -> bool {
        Arc::ptr_eq(self, key) || **self == **key
    }

    fn to_key(&self) -> Arc<T> {
        Arc::clone(self)
    }

    fn view(key: &Arc<T>) -> Arc<T> {
        Arc::clone(key)
    }
}
