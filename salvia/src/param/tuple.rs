//! Tuples, those of a call's arguments among them: each part for itself.

use std::hash::Hasher;

use super::{Param, ToStatic};

/// Hands all tuples of arguments to a macro, each as the parts it has: two names for the type, and the place.
macro_rules! each_tuple {
    ($implement:ident) => {
        $implement! {
            A A1 0;
            A A1 0 B B1 1;
            A A1 0 B B1 1 C C1 2;
            A A1 0 B B1 1 C C1 2 D D1 3;
            A A1 0 B B1 1 C C1 2 D D1 3 E E1 4;
            A A1 0 B B1 1 C C1 2 D D1 3 E E1 4 F F1 5;
            A A1 0 B B1 1 C C1 2 D D1 3 E E1 4 F F1 5 G G1 6;
            A A1 0 B B1 1 C C1 2 D D1 3 E E1 4 F F1 5 G G1 6 H H1 7;
            A A1 0 B B1 1 C C1 2 D D1 3 E E1 4 F F1 5 G G1 6 H H1 7 I I1 8;
            A A1 0 B B1 1 C C1 2 D D1 3 E E1 4 F F1 5 G G1 6 H H1 7 I I1 8 J J1 9;
            A A1 0 B B1 1 C C1 2 D D1 3 E E1 4 F F1 5 G G1 6 H H1 7 I I1 8 J J1 9 K K1 10;
            A A1 0 B B1 1 C C1 2 D D1 3 E E1 4 F F1 5 G G1 6 H H1 7 I I1 8 J J1 9 K K1 10 L L1 11;
        }
    };
}

pub(crate) use each_tuple;

macro_rules! tuples {
    ($($($name:ident $other:ident $index:tt)*;)*) => {$(
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

each_tuple! { tuples }

super::owned::owned! { () }
