use salvia::perfect_derive;

struct Bare;

#[perfect_derive(Debug)]
enum Choice<T> {
    First { first: T },
    Second(u8, Bare),
}

fn main() {}
