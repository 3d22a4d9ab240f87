#[salvia::nested]
struct Widget;

fn main() {
    let _ = Widget;
}
