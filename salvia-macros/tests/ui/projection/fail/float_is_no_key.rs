use salvia::{Param, Projection};

#[derive(Projection)]
struct View<'a> {
    text: &'a str,
    size: f64,
}

fn key<P: Param>(_: P) {}

fn caller() {
    key(View { text: "a", size: 1.0 });
}

fn main() {}
