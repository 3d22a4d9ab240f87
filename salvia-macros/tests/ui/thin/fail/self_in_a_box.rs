use salvia_thin::{Ref, thin_dyn};

#[thin_dyn]
trait Work {
    fn finish(self: Box<Self>) -> u32;
}

fn hand_on(work: Ref<dyn Work>) -> Ref<dyn Work> {
    work
}

fn main() {}
