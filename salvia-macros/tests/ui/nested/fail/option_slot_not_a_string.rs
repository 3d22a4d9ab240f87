#[salvia::nested(slot = name)]
fn f(name: &str) {}

fn main() {
    f("a");
}
