use salvia_thin::{Ref, thin_dyn};

#[thin_dyn]
trait Work {
    unsafe fn work(&self) {}
}

impl Work for u8 {}

fn main() {
    let work: Ref<dyn Work> = Ref::new(&1_u8);
    work.work();
}
