use salvia::{Param, Projection};

#[derive(Projection)]
struct View<'a> {
    text: &'a str,
}

fn key<P: Param>(_: P) {}

fn caller(views: &[View<'_>]) {
    key(views);
}

fn main() {}
