use salvia::{QueryContext, query};

#[derive(Clone, PartialEq, Eq)]
struct S;

#[query]
async fn f(_n: u8, _s: &S, _cx: &QueryContext) -> u32 {
    1
}

async fn caller(cx: &QueryContext) {
    let _: u32 = f(1, &S, cx).await;
}

fn main() {}
