use salvia::memo;

#[memo(lru = 99999999999999999999)]
fn f(n: u32) -> u32 {
    1
}

fn main() {}
