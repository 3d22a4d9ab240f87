use salvia::perfect_derive;

struct Bare;

#[perfect_derive(Default)]
struct Pair<T> {
    first: T,
    second: Bare,
}

fn main() {}
