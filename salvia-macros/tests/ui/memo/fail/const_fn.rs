use salvia::memo;

#[memo(single)]
const fn f(n: u32) -> u32 {
    1
}

fn main() {}
