//! Comparing a type with its twin, which has the same name and the same fields, but the derives of the standard library.

use std::cmp::Ordering;
use std::fmt::Debug;
use std::hash::{Hash, Hasher};

/// Whether a type has a trait.
macro_rules! implements {
    ($ty:ty: $($bound:tt)+) => {{
        struct Probe<T: ?Sized>(std::marker::PhantomData<T>);
        trait Otherwise {
            const _IS: bool = false;
        }
        impl<T: ?Sized> Otherwise for Probe<T> {}
        impl<T: ?Sized + $($bound)+> Probe<T> {
            const _IS: bool = true;
        }
        let _ = Probe::<u8>(std::marker::PhantomData).0;
        // An inherent constant hides that of a trait, if there is one.
        <Probe<$ty>>::_IS || <Probe<$ty> as Otherwise>::_IS
    }};
}
pub(crate) use implements;

/// No trait at all.
pub(crate) struct Bare;

/// Takes down what is written to it, call by call.
#[derive(Default)]
struct Recording(Vec<String>);

macro_rules! record {
    ($($method:ident: $ty:ty,)*) => {
        impl Hasher for Recording {
            $(fn $method(&mut self, value: $ty) {
                self.0.push(format!("{} {value:?}", stringify!($method)));
            })*
            fn finish(&self) -> u64 {
                0
            }
        }
    };
}
record! {
    write: &[u8],
    write_u8: u8, write_u16: u16, write_u32: u32, write_u64: u64, write_u128: u128, write_usize: usize,
    write_i8: i8, write_i16: i16, write_i32: i32, write_i64: i64, write_i128: i128, write_isize: isize,
}

pub(crate) fn hashed(value: &(impl Hash + ?Sized)) -> Vec<String> {
    let mut hasher = Recording::default();
    value.hash(&mut hasher);
    hasher.0
}

pub(crate) fn same_text<A: Debug, B: Debug>(ours: &[A], theirs: &[B]) {
    assert_eq!(ours.len(), theirs.len());
    for (ours, theirs) in ours.iter().zip(theirs) {
        assert_eq!(format!("{ours:?}"), format!("{theirs:?}"));
        assert_eq!(format!("{ours:#?}"), format!("{theirs:#?}"));
        assert_eq!(format!("{ours:>9.2?}"), format!("{theirs:>9.2?}"));
        assert_eq!(format!("{ours:#04x?}"), format!("{theirs:#04x?}"));
    }
}

pub(crate) fn same_hash<A: Hash, B: Hash>(ours: &[A], theirs: &[B]) {
    assert_eq!(ours.len(), theirs.len());
    for (ours, theirs) in ours.iter().zip(theirs) {
        assert_eq!(hashed(ours), hashed(theirs));
    }
}

/// All pairs.
pub(crate) fn same_partial_order<A: PartialOrd, B: PartialOrd>(ours: &[A], theirs: &[B]) {
    assert_eq!(ours.len(), theirs.len());
    for (a, x) in ours.iter().zip(theirs) {
        for (b, y) in ours.iter().zip(theirs) {
            assert_eq!(a == b, x == y);
            assert_eq!(a.partial_cmp(b), x.partial_cmp(y));
            assert_eq!((a < b, a <= b, a > b), (x < y, x <= y, x > y));
        }
    }
}

/// All pairs.
pub(crate) fn same_order<A: Ord, B: Ord>(ours: &[A], theirs: &[B]) {
    same_partial_order(ours, theirs);
    for (a, x) in ours.iter().zip(theirs) {
        for (b, y) in ours.iter().zip(theirs) {
            assert_eq!(a.cmp(b), x.cmp(y));
            assert_eq!(a.cmp(b) == Ordering::Equal, a == b);
        }
    }
}

/// A clone is equal, and looks equal.
pub(crate) fn clones<A: Clone + PartialEq + Debug>(values: &[A]) {
    for value in values {
        let copy = value.clone();
        assert_eq!(format!("{copy:?}"), format!("{value:?}"));
        // What is not equal to itself is not equal to its clone either.
        let same = value;
        assert_eq!(*value == copy, value == same);
    }
}
