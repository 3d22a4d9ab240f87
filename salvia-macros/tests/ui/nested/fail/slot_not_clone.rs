#[derive(PartialEq, Eq, Hash)]
struct Key;

#[salvia::nested(slot = "key")]
async fn f(key: Key) {}

fn main() {
    let _ = f(Key);
}
