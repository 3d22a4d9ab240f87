//! Whether a type of a query may share what it holds, for generated code.
//!
//! It is decided by method lookup, as in `describe`: `ByPointer` takes `&Probe` as it is, `ByEq` only after one more
//! reference. Where a type is a parameter nothing is known of it, and `==` decides. The names of the methods are such that
//! no trait of the user's can have them.

use std::marker::PhantomData;

use crate::param::Same;
use crate::runtime::arguments::{Own, Sharing};
use crate::value::Value;

/// A type.
pub struct Probe<T>(PhantomData<fn() -> T>);

impl<T> Probe<T> {
    /// The only one.
    pub const HERE: Self = Probe(PhantomData);
}

/// Compares two values.
pub type Compare = fn(&Value, &Value) -> bool;

/// Found for types that may share.
pub trait ByPointer<T> {
    /// The argument, to be compared with its key by pointers first.
    fn __salvia_argument(&self, argument: T) -> Sharing<T>;

    /// Early cut-off by pointers first.
    fn __salvia_same(&self) -> Option<Compare>;
}

impl<T: Same + 'static> ByPointer<T> for Probe<T> {
    fn __salvia_argument(&self, argument: T) -> Sharing<T> {
        Sharing(argument)
    }

    fn __salvia_same(&self) -> Option<Compare> {
        Some(|old, new| old.get::<T>().same(new.get::<T>()))
    }
}

/// Found for all others.
pub trait ByEq<T> {
    /// The argument as it is.
    fn __salvia_argument(&self, argument: T) -> Own<T>;

    /// Early cut-off as for any value.
    fn __salvia_same(&self) -> Option<Compare>;
}

impl<T> ByEq<T> for &Probe<T> {
    fn __salvia_argument(&self, argument: T) -> Own<T> {
        Own(argument)
    }

    fn __salvia_same(&self) -> Option<Compare> {
        None
    }
}
