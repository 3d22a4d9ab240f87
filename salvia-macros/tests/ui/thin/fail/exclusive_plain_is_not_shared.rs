use std::cell::Cell;

use salvia_thin::{RefMut, thin_dyn};

#[thin_dyn]
trait Work {
    fn work(&self) {}
}

impl Work for Cell<u8> {}

fn sync(_: impl Sync) {}

fn main() {
    let mut cell = Cell::new(1);
    let work: RefMut<dyn Work> = RefMut::new(&mut cell);
    sync(work);
}
