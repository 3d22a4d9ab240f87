use salvia::perfect_derive;

#[perfect_derive(Clone, PartialOrder)]
struct S<T>(T);

fn main() {}
