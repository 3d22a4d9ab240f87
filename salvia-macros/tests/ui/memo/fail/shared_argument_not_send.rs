use salvia::memo;

use std::rc::Rc;

#[memo(single, shared)]
fn f(n: Rc<u32>) -> u32 {
    *n
}

fn main() {}
