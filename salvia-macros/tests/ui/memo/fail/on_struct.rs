use salvia::memo;

#[memo(single)]
struct S;

fn main() {}
