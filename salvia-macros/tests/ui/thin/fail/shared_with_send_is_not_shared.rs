use std::cell::Cell;

use salvia_thin::{Ref, thin_dyn};

#[thin_dyn]
trait Work {
    fn work(&self) {}
}

impl Work for Cell<u8> {}

fn sync(_: impl Sync) {}

fn main() {
    let cell = Cell::new(1);
    let work: Ref<dyn Work + Send> = Ref::new(&cell);
    sync(work);
}
