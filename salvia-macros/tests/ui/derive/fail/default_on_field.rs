use salvia::perfect_derive;

#[perfect_derive(Clone, Default)]
struct Pair<T>(T, #[default] T);

fn user(pair: Pair<u8>) -> Pair<u8> {
    pair.clone()
}

fn main() {}
