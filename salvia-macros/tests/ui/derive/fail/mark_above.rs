use salvia::bounded_derive;

#[bound_derive(T)]
#[bounded_derive(Clone)]
struct Pair<T>(T, T);

fn user(pair: Pair<u8>) -> Pair<u8> {
    pair.clone()
}

fn main() {}
