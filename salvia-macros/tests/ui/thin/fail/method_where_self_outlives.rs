use salvia_thin::{Ref, thin_dyn};

#[thin_dyn]
trait Work {
    fn work<'a>(&self, on: &'a str)
    where
        Self: 'a;
}

fn hand_on(work: Ref<dyn Work>) -> Ref<dyn Work> {
    work
}

fn main() {}
