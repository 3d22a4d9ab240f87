use salvia::perfect_derive;

#[perfect_derive(PartialEq, Eq)]
struct Pair<T> {
    first: T,
    second: Vec<f64>,
}

fn main() {}
