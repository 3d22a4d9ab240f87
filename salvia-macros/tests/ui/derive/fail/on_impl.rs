use salvia::bounded_derive;

struct Pair<T>(T, T);

#[bounded_derive(Clone)]
impl<T> Pair<T> {
    fn first(self) -> T {
        self.0
    }
}

fn user(pair: Pair<u8>) -> u8 {
    pair.first()
}

fn main() {}
