//! Derives with exact bounds.

#[allow(
    unused_imports,
    clippy::wildcard_imports,
    reason = "generated code must not use them"
)]
use crate::decoys::*;

// A parameter pattern that finds a constant of its name would be a comparison.
#[allow(non_upper_case_globals, reason = "named like variables")]
#[expect(dead_code, reason = "generated code must not use them")]
mod constants {
    pub(super) const f: u8 = 0;
    pub(super) const state: u8 = 0;
    pub(super) const other: u8 = 0;
    pub(super) const first: u8 = 0;
    pub(super) const second: u8 = 0;
    pub(super) const unequal: u8 = 0;
}
#[allow(
    unused_imports,
    clippy::wildcard_imports,
    reason = "generated code must not use them"
)]
use constants::*;

/// A list of shared values.
#[::engine::perfect_derive(
    Clone,
    ::core::fmt::Debug,
    Default,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    crate = engine
)]
pub struct List<T> {
    /// The value.
    pub value: ::std::rc::Rc<T>,
    /// The values after it.
    pub next: ::core::option::Option<::std::rc::Rc<List<T>>>,
}

/// All shapes of variants.
#[::engine::bounded_derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord,
    crate = crate::facade::inner::renamed
)]
#[repr(u8)]
#[non_exhaustive]
pub enum Shape<'a, T, const N: usize> {
    /// First.
    #[default]
    First = 7,
    /// Second.
    Second(T, &'a [u8; N]) = 3,
    /// Third.
    Third {
        /// Named like a variable.
        #[bound_derive]
        state: T,
        /// Named like a variable.
        f: &'a str,
    },
    /// Old.
    #[deprecated(note = "asserted")]
    Old {},
}

/// Has no parameters.
#[::engine::perfect_derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, crate = engine
)]
pub struct Plain<'a> {
    /// A text.
    pub text: &'a str,
}

/// Has no values.
#[::engine::perfect_derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, crate = engine
)]
pub enum Never<const N: usize> {}

/// Is read by copying.
#[::engine::perfect_derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, crate = engine
)]
#[repr(C, packed)]
pub struct Packed<T>(pub u8, pub T);

/// Is but one of two.
#[::engine::perfect_derive(Clone, Copy, crate = engine)]
pub union Either<T: ::core::marker::Copy> {
    /// One.
    pub one: T,
    /// The other.
    pub other: u8,
}

/// Parameters have the names of everything.
#[::engine::perfect_derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, crate = engine)]
pub struct Names<Option, Clone, H, Ordering, Formatter: ?::core::marker::Sized>(
    pub Option,
    pub Clone,
    pub H,
    pub Ordering,
    pub Formatter,
);

/// Declares a type as a macro of another crate would.
macro_rules! declare {
    ($name:ident, $ty:ty, $field:ident) => {
        /// Declared by a macro.
        #[::engine::perfect_derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, crate = engine)]
        pub struct $name<T> {
            /// Given.
            pub $field: $ty,
            /// Its own.
            pub next: ::core::option::Option<::std::boxed::Box<$name<T>>>,
        }
    };
}
declare!(Declared, (T, u8), other);
