#![deny(warnings)]
#![deny(unused_results, single_use_lifetimes, unused_lifetimes, unused_qualifications, let_underscore_drop)]
#![deny(elided_lifetimes_in_paths, trivial_casts, variant_size_differences, unused_import_braces)]
#![forbid(unsafe_code, deprecated, non_snake_case)]

use std::borrow::Cow;
use std::fmt::Debug;
use std::rc::Rc;

use salvia::{bounded_derive, perfect_derive};

#[perfect_derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Borrowing<'a, T> {
    pub first: &'a str,
    pub second: Cow<'a, str>,
    pub third: Option<T>,
}

#[bounded_derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Choice<'a, 'b, T, const N: usize>
where
    T: Debug,
{
    First(&'a T, &'b [u8; N]),
    Second {
        #[bound_derive]
        value: T,
    },
    Third,
}

#[perfect_derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct List<T> {
    value: Rc<T>,
    next: Option<Rc<List<T>>>,
    #[cfg(any())]
    missing: Missing,
}

impl<T> List<T> {
    pub fn new(value: T) -> Self {
        List { value: Rc::new(value), next: None }
    }
}

fn main() {}
