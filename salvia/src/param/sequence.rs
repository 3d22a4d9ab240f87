//! Vectors, queues, lists, arrays: the same of snapshots, keys or views.

use std::collections::{LinkedList, VecDeque};
use std::hash::Hasher;

use super::{Param, ToStatic};

macro_rules! sequences {
    ($($sequence:ident)*) => {$(
        impl<T: ToStatic> ToStatic for $sequence<T> {
            type Static = Vec<T::Static>;

            fn to_static(&self) -> Vec<T::Static> {
                self.iter().map(T::to_static).collect()
            }

            #[inline]
            fn eq_static(&self, kept: &Vec<T::Static>) -> bool {
                self.len() == kept.len() && self.iter().zip(kept).all(|(one, kept)| one.eq_static(kept))
            }
        }

        impl<P: Param> Param for $sequence<P> {
            type Key = Vec<P::Key>;
            type View<'k> = $sequence<P::View<'k>>;

            #[inline]
            fn hash_view<H: Hasher>(&self, state: &mut H) {
                state.write_usize(self.len());
                self.iter().for_each(|one| one.hash_view(state));
            }

            #[inline]
            fn matches(&self, key: &Vec<P::Key>) -> bool {
                self.len() == key.len() && self.iter().zip(key).all(|(one, key)| one.matches(key))
            }

            fn to_key(&self) -> Vec<P::Key> {
                self.iter().map(P::to_key).collect()
            }

            fn view(key: &Vec<P::Key>) -> $sequence<P::View<'_>> {
                key.iter().map(P::view).collect()
            }
        }
    )*};
}

sequences! { Vec VecDeque LinkedList }

impl<T: ToStatic, const N: usize> ToStatic for [T; N] {
    type Static = [T::Static; N];

    fn to_static(&self) -> [T::Static; N] {
        std::array::from_fn(|index| self[index].to_static())
    }

    #[inline]
    fn eq_static(&self, kept: &[T::Static; N]) -> bool {
        self.iter().zip(kept).all(|(one, kept)| one.eq_static(kept))
    }
}

impl<P: Param, const N: usize> Param for [P; N] {
    type Key = [P::Key; N];
    type View<'k> = [P::View<'k>; N];

    #[inline]
    fn hash_view<H: Hasher>(&self, state: &mut H) {
        self.iter().for_each(|one| one.hash_view(state));
    }

    #[inline]
    fn matches(&self, key: &[P::Key; N]) -> bool {
        self.iter().zip(key).all(|(one, key)| one.matches(key))
    }

    fn to_key(&self) -> [P::Key; N] {
        std::array::from_fn(|index| self[index].to_key())
    }

    fn view(key: &[P::Key; N]) -> [P::View<'_>; N] {
        std::array::from_fn(|index| P::view(&key[index]))
    }
}
