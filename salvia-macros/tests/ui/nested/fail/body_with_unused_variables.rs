#![deny(unused)]

#[salvia::nested]
fn f(n: u32) {}

#[salvia::nested]
async fn g(n: u32, mut m: u32) -> u32 {
    m
}

fn main() {
    f(1);
    g(1, 2);
}
