use salvia::perfect_derive;

#[perfect_derive(Debug, Clone)]
#[derive(Clone)]
struct Pair<T>(T, T);

fn main() {}
