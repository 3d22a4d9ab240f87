use salvia_thin::{Ref, thin_dyn};

#[thin_dyn]
trait Work: Send + std::fmt::Debug {
    fn work(&self);
}

fn hand_on(work: Ref<dyn Work>) -> Ref<dyn Work> {
    work
}

fn main() {}
