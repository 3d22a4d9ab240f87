use salvia::bounded_derive;

#[bounded_derive(Clone)]
enum Pair<T> {
    #[bound_derive]
    Both(T, T),
}

fn user(pair: Pair<u8>) -> Pair<u8> {
    pair.clone()
}

fn main() {}
