use salvia::memo;

#[memo(lru = 0)]
fn f(n: u32) -> u32 {
    1
}

fn main() {}
