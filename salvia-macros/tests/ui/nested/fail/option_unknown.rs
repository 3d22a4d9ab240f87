#[salvia::nested(key = "name")]
fn f(name: &str) {}

fn main() {
    f("a");
}
