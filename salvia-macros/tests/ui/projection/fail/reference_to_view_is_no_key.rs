use salvia::{Param, Projection};

#[derive(Projection)]
struct View<'a> {
    text: &'a str,
}

fn key<P: Param>(_: P) {}

fn caller(text: &str) {
    key(&View { text });
}

fn main() {}
