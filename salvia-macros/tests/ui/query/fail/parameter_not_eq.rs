use salvia::{QueryContext, query};

#[derive(Clone, PartialEq, Hash)]
struct S;

#[query]
async fn f(n: u32, _s: S, _cx: &QueryContext) -> u32 {
    n
}

fn main() {}
