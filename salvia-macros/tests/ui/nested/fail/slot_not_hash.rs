#[derive(Clone, PartialEq, Eq)]
struct Key;

#[salvia::nested(slot = "key")]
fn f(key: &Key) {}

fn main() {
    f(&Key);
}
