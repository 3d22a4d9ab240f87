use std::cell::Cell;

use salvia_thin::{Ref, thin_dyn};

#[thin_dyn]
trait Work {
    fn work(&self) {}
}

impl Work for Cell<u8> {}

fn main() {
    let cell = Cell::new(1);
    let _: Ref<dyn Work + Sync> = Ref::new(&cell);
}
