//! Tuples, those of a call's arguments among them: each part for itself.

use std::hash::Hasher;

use super::{Param, ToStatic};

macro_rules! tuples {
    ($($($name:ident $index:tt)*;)*) => {$(
        impl<$($name: ToStatic),*> ToStatic for ($($name,)*) {
            type Static = ($($name::Static,)*);

            #[inline]
            fn to_static(&self) -> Self::Static {
                ($(self.$index.to_static(),)*)
            }

            #[inline]
            fn eq_static(&self, kept: &Self::Static) -> bool {
                true $(&& self.$index.eq_static(&kept.$index))*
            }
        }

        impl<$($name: Param),*> Param for ($($name,)*) {
            type Key = ($($name::Key,)*);
            type View<'k> = ($($name::View<'k>,)*);

            #[inline]
            fn hash_view<Z: Hasher>(&self, state: &mut Z) {
                $(self.$index.hash_view(state);)*
            }

            #[inline]
            fn matches(&self, key: &Self::Key) -> bool {
                true $(&& self.$index.matches(&key.$index))*
            }

            fn to_key(&self) -> Self::Key {
                ($(self.$index.to_key(),)*)
            }

            fn view(key: &Self::Key) -> Self::View<'_> {
                ($($name::view(&key.$index),)*)
            }
        }
    )*};
}

tuples! {
    A 0;
    A 0 B 1;
    A 0 B 1 C 2;
    A 0 B 1 C 2 D 3;
    A 0 B 1 C 2 D 3 E 4;
    A 0 B 1 C 2 D 3 E 4 F 5;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11;
}

super::owned::owned! { () }
