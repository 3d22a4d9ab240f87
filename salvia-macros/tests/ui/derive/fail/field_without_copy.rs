use salvia::perfect_derive;

#[perfect_derive(Clone, Copy)]
struct Pair<T> {
    first: T,
    second: String,
}

fn main() {}
