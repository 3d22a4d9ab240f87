use salvia::{QueryContext, query};

#[derive(Hash)]
struct S;

#[query]
async fn f(n: u32, _s: S, _cx: &QueryContext) -> u32 {
    n
}

fn main() {}
