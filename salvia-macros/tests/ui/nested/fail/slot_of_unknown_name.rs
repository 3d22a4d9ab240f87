#[salvia::nested(slot = "nam")]
fn f(name: &str) {}

fn main() {
    f("a");
}
