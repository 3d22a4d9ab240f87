use salvia::perfect_derive;

#[perfect_derive(PartialEq, Eq, PartialOrd, Ord)]
struct Pair<T> {
    first: T,
    second: Bare,
}

#[derive(PartialEq, Eq)]
struct Bare;

fn main() {}
