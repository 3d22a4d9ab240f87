#[salvia::nested(slot = "")]
fn f(name: &str) {}

fn main() {
    f("a");
}
