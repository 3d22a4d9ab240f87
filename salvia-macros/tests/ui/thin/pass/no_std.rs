//! Generated code needs neither `std` nor `alloc`, and no `unsafe`.

#![no_std]
#![forbid(unsafe_code)]
#![deny(warnings)]

// For `main`, and for nothing else.
extern crate std;

use salvia_thin::{Ref, RefMut, thin_dyn};

#[thin_dyn]
trait Pin {
    fn set(&mut self, high: bool);
    fn is_high(&self) -> bool;
}

struct Fake(bool);

impl Pin for Fake {
    fn set(&mut self, high: bool) {
        self.0 = high;
    }
    fn is_high(&self) -> bool {
        self.0
    }
}

fn main() {
    let mut fake = Fake(false);
    let mut pin: RefMut<dyn Pin> = RefMut::new(&mut fake);
    pin.set(true);
    let pin: Ref<dyn Pin> = Ref::from(pin);
    assert!(pin.is_high());
}
