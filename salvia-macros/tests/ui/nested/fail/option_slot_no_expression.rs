#[salvia::nested(slot = "the name")]
fn f(name: &str) {}

fn main() {
    f("a");
}
