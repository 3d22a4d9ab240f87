use salvia_thin::{Ref, thin_dyn};

#[thin_dyn]
trait Work {
    fn poll(self: std::pin::Pin<&mut Self>) -> u32;
}

fn hand_on(work: Ref<dyn Work>) -> Ref<dyn Work> {
    work
}

fn main() {}
