#[derive(salvia::macro_support::ExactBounds)]
struct Pair<T>(T, T);

fn main() {}
