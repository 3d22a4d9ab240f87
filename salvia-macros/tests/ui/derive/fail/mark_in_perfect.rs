use salvia::perfect_derive;

#[perfect_derive(Clone)]
struct Pair<T>(T, #[bound_derive] T);

fn user(pair: Pair<u8>) -> Pair<u8> {
    pair.clone()
}

fn main() {}
