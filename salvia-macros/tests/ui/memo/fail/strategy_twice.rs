use salvia::memo;

#[memo(single, single)]
fn f(n: u32) -> u32 {
    1
}

fn main() {}
