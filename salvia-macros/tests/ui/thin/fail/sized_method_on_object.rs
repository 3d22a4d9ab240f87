use salvia_thin::{Ref, thin_dyn};

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

fn main() {
    let work: Ref<dyn Work> = Ref::new(&1_u32);
    work.sized();
}
