use salvia::perfect_derive;

struct Bare;

#[perfect_derive(Clone)]
struct Pair<T> {
    first: T,
    second: Option<Bare>,
}

fn main() {}
