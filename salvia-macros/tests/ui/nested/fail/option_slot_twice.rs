#[salvia::nested(slot = "a", slot = "b")]
fn f(a: &str, b: &str) {}

fn main() {
    f("a", "b");
}
