use salvia::query;

#[query]
const N: u32 = 1;

fn user() -> u32 {
    N
}

fn main() {}
