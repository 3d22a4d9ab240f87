use salvia::bounded_derive;

#[bounded_derive(Clone)]
#[bound_derive(T: Clone)]
struct Pair<T>(T, T);

fn main() {}
