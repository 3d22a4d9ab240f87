use salvia::bounded_derive;

#[bounded_derive(Clone)]
struct Pair<T>(T, #[bound_derive(T)] T);

fn user(pair: Pair<u8>) -> Pair<u8> {
    pair.clone()
}

fn main() {}
