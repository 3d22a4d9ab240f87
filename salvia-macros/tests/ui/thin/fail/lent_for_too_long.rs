use salvia_thin::{Ref, RefMut, thin_dyn};

#[thin_dyn]
trait Work {
    fn work(&self) -> &u32;
    fn change(&mut self) {}
    fn sized(&self)
    where
        Self: Sized,
    {
    }
}

impl Work for u32 {
    fn work(&self) -> &u32 {
        self
    }
}

fn shared<'a>(work: &RefMut<'a, dyn Work>) -> Ref<'a, dyn Work> {
    work.as_ref()
}

fn main() {}
