use salvia_thin::{Ref, thin_dyn};

#[thin_dyn]
trait Work {
    fn work(&self) {}
}

impl Work for str {}
impl<T> Work for [T] {}

fn main() {
    let _: Ref<dyn Work> = Ref::new("text");
}
