#[salvia::nested(slots = "name")]
fn f(name: u32) -> u32 {
    name
}

fn main() {}
