use salvia::memo;

#[memo(lru = N)]
fn f(n: u32) -> u32 {
    1
}

fn main() {}
