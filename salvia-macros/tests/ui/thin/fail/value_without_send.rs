use std::rc::Rc;

use salvia_thin::{RefMut, thin_dyn};

#[thin_dyn]
trait Work {
    fn work(&self) {}
}

impl Work for Rc<u8> {}

fn main() {
    let mut rc = Rc::new(1);
    let _: RefMut<dyn Work + Send> = RefMut::new(&mut rc);
}
