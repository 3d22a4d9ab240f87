use salvia::perfect_derive;

struct Bare;

#[perfect_derive(Clone)]
struct Pair {
    first: u8,
    second: Bare,
}

fn main() {}
