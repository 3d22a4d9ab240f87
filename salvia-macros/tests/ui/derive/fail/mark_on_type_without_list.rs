use salvia::bounded_derive;

#[bounded_derive(Clone)]
#[bound_derive]
struct Pair<T>(T, T);

fn user(pair: Pair<u8>) -> Pair<u8> {
    pair.clone()
}

fn main() {}
