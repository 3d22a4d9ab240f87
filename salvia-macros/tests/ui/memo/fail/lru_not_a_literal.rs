use salvia::memo;

#[memo(lru = 2 * 4)]
fn f(n: u32) -> u32 {
    1
}

fn main() {}
