use salvia_thin::{Ref, thin_dyn};

#[thin_dyn(fast)]
trait Work {
    fn work(&self) {}
}

impl Work for u8 {}

fn main() {
    Ref::<dyn Work>::new(&1).work();
}
