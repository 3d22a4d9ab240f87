use salvia_thin::{Ref, thin_dyn};

#[thin_dyn]
trait Work<'a>: 'a {
    fn work(&self);
}

fn hand_on(_: Ref<dyn Work<'static>>) {}

fn main() {}
