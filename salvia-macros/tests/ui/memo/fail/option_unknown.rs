use salvia::memo;

#[memo(single, sync)]
fn f(n: u32) -> u32 {
    1
}

fn main() {}
