use salvia_thin::{RefMut, thin_dyn};

#[thin_dyn]
trait Work {
    fn work(&self) {}
}

impl Work for u8 {}

fn send(_: impl Send) {}

fn main() {
    let mut value = 1;
    let work: RefMut<dyn Work + Sync> = RefMut::new(&mut value);
    send(work);
}
