#[salvia::nested]
const F: fn() = || {};

fn main() {
    F();
}
