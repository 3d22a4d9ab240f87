use salvia::memo;

#[memo(shared)]
fn f(n: u32) -> u32 {
    1
}

fn main() {}
