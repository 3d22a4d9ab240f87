use salvia::perfect_derive;

#[perfect_derive(Debug)]
#[repr(C, packed)]
struct Pair<T> {
    first: T,
    second: String,
}

fn main() {}
