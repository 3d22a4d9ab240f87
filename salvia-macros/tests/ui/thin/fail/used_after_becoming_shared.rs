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

fn main() {
    let mut value = 1_u32;
    let mut work: RefMut<dyn Work> = RefMut::new(&mut value);
    let shared = Ref::from(work);
    work.change();
    shared.work();
}
