use salvia::memo;

#[memo(single = 1)]
fn f(n: u32) -> u32 {
    1
}

fn main() {}
