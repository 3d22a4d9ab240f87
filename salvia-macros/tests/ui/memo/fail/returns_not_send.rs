use salvia::memo;

use std::rc::Rc;

#[memo(single, shared)]
fn f(n: u32) -> Rc<u32> {
    Rc::new(n)
}

fn main() {}
