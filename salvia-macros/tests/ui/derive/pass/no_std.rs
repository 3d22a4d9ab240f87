#![no_std]
#![deny(warnings)]

// The program needs it, but by no name that generated code could use.
extern crate std as machinery;

use salvia::perfect_derive;

#[perfect_derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pair<T>(pub T, pub T);

#[perfect_derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Choice<T> {
    #[default]
    First,
    Second {
        value: T,
    },
}

fn main() {
    let pair = Pair(1, 2);
    assert!(pair > Pair::default() && Choice::default() < Choice::Second { value: pair });
}
