use salvia::memo;

#[memo]
fn f(n: u32) -> u32 {
    n
}

fn main() {}
