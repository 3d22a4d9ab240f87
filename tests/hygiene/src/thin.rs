//! Thin objects.

#[allow(
    unused_imports,
    clippy::wildcard_imports,
    reason = "generated code must not use them"
)]
use crate::decoys::*;

use ::slim::{Ref, RefMut};

/// A trait, in which a decoy is a parameter.
#[::slim::thin_dyn(crate = slim)]
pub trait Valve {
    /// How far it is open.
    fn level(&self) -> u8;
    /// Changes that.
    fn turn(&mut self, by: u8) -> ::core::option::Option<&mut u8>;
    /// Borrows from two.
    fn label<'a, 'b: 'a>(&'a self, other: &'b str) -> (&'a str, &'b str) {
        if self.level() == 0 {
            ("closed", "closed")
        } else {
            (other, other)
        }
    }
    /// Only in some programs.
    #[cfg(debug_assertions)]
    fn profile(&self) -> &'static str {
        "debug"
    }
    /// Only in the others.
    #[cfg(not(debug_assertions))]
    fn profile(&self) -> &'static str {
        "release"
    }
    /// Of no object.
    #[must_use]
    fn closed() -> Self
    where
        Self: ::core::marker::Sized;
}

impl Valve for u8 {
    fn level(&self) -> u8 {
        *self
    }
    fn turn(&mut self, by: u8) -> ::core::option::Option<&mut u8> {
        *self += by;
        ::core::option::Option::Some(self)
    }
    fn closed() -> Self {
        0
    }
}

/// Opens a valve.
pub fn open(level: &mut u8) -> u8 {
    let mut valve: RefMut<'_, dyn Valve + ::core::marker::Send> = RefMut::new(level);
    if let ::core::option::Option::Some(level) = valve.turn(1) {
        *level += 1;
    }
    valve.level()
}

/// Says whether a valve is open.
#[must_use]
pub fn label(level: &u8) -> bool {
    let valve: Ref<'_, dyn Valve + ::core::marker::Sync> = Ref::new(level);
    valve.profile().len() > 4 && valve.label("open").0 == "open"
}

/// A trait with parameters whose names are those of decoys, and markers from outside.
#[::slim::thin_dyn(crate = crate::facade::slim)]
pub trait Sink<Vec, const OK: usize>:
    ::core::marker::Send + ::core::marker::Unpin + 'static
where
    Vec: ::core::marker::Copy,
{
    /// Takes some.
    fn take(&mut self, items: [Vec; OK]) -> usize;
    /// Takes one, without anything being deprecated in generated code.
    #[deprecated(note = "asserted")]
    fn one(&mut self, item: Vec) -> usize;
    /// Of C, and unsafe to nobody.
    extern "C" fn foreign(&self, by: u64) -> u64 {
        by
    }
}

impl<Vec: ::core::marker::Copy, const OK: usize> Sink<Vec, OK> for u16 {
    fn take(&mut self, items: [Vec; OK]) -> usize {
        items.len()
    }
    fn one(&mut self, _: Vec) -> usize {
        1
    }
}

/// Fills a sink.
pub fn fill(sink: &mut u16) -> usize {
    let mut sink: RefMut<'_, dyn Sink<u8, 3>> = RefMut::new(sink);
    #[expect(deprecated, reason = "the trait says so")]
    let one = sink.one(1);
    one + sink.take([1, 2, 3])
}
