use salvia::perfect_derive;

use std::rc::Rc;

struct Bare;

#[perfect_derive(Clone, Debug)]
struct List<T> {
    value: Rc<T>,
    next: Option<Rc<List<T>>>,
}

fn user(list: List<Bare>) {
    let _ = list.clone();
    println!("{list:?}");
}

fn main() {}
