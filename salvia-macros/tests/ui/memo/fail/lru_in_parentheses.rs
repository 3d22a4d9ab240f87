use salvia::memo;

#[memo(lru(8))]
fn f(n: u32) -> u32 {
    1
}

fn main() {}
