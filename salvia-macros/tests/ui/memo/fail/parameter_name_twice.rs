use salvia::memo;

#[memo(single)]
fn f(n: u32, n: u8) -> u32 {
    1
}

fn main() {}
