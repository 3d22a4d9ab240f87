use salvia_thin::{RefMut, thin_dyn};

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
    let (mut a, mut b) = (1_u32, 2_u32);
    let (mut left, mut right) = (RefMut::<dyn Work>::new(&mut a), RefMut::<dyn Work>::new(&mut b));
    std::mem::swap(&mut *left, &mut *right);
}
