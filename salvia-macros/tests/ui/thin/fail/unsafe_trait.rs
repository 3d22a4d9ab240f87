use salvia_thin::{Ref, thin_dyn};

#[thin_dyn]
unsafe trait Work {
    fn work(&self);
}

fn hand_on(work: Ref<dyn Work>) -> Ref<dyn Work> {
    work
}

fn main() {}
