use salvia::perfect_derive;

#[perfect_derive(Clone, Copy, Debug)]
union Pair<T: Copy> {
    first: T,
    second: u8,
}

fn user(pair: Pair<u8>) -> Pair<u8> {
    pair.clone()
}

fn main() {}
