use salvia::{QueryContext, query};

#[derive(Clone, PartialEq, Hash)]
struct S;

#[query]
async fn f(n: u32, _s: S, _cx: &QueryContext) -> u32 {
    n
}

async fn caller(cx: &QueryContext) {
    let _: u32 = f(1, S, cx).await;
}

fn main() {}
