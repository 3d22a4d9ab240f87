use salvia::bounded_derive;

#[bounded_derive(Clone)]
struct Pair<#[bound_derive] T>(T, T);

fn user(pair: Pair<u8>) -> Pair<u8> {
    pair.clone()
}

fn main() {}
