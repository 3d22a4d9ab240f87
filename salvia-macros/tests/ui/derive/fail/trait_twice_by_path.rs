use salvia::perfect_derive;

#[perfect_derive(Clone, std::clone::Clone)]
struct Pair<T>(T, T);

fn user(pair: Pair<u8>) -> Pair<u8> {
    pair.clone()
}

fn main() {}
