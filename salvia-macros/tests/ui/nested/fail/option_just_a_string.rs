#[salvia::nested("name")]
fn f(name: &str) {}

fn main() {
    f("a");
}
