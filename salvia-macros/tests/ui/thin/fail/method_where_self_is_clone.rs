use salvia_thin::{Ref, thin_dyn};

#[thin_dyn]
trait Work {
    fn work(&self)
    where
        Self: Clone;
}

fn hand_on(work: Ref<dyn Work>) -> Ref<dyn Work> {
    work
}

fn main() {}
