use salvia::bounded_derive;

#[bounded_derive(Clone)]
#[bound_derive(T)]
#[bound_derive(T)]
struct Pair<T>(T, T);

fn user(pair: Pair<u8>) -> Pair<u8> {
    pair.clone()
}

fn main() {}
