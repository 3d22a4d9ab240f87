use salvia::perfect_derive;

struct Bare<F>(F);

#[perfect_derive(Clone)]
struct Pair<T> {
    first: T,
    second: Bare<for<'x> fn(&'x u8)>,
}

fn main() {}
