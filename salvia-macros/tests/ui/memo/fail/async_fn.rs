use salvia::memo;

#[memo(single)]
async fn f(n: u32) -> u32 {
    1
}

fn main() {}
