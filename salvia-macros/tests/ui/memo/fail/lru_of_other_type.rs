use salvia::memo;

#[memo(lru = 8u32)]
fn f(n: u32) -> u32 {
    1
}

fn main() {}
