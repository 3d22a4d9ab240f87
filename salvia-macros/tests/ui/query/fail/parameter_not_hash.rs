use salvia::{QueryContext, query};

#[derive(Clone, PartialEq, Eq)]
struct S;

#[query]
async fn f(n: u32, _s: Vec<S>, _cx: &QueryContext) -> u32 {
    n
}

async fn caller(cx: &QueryContext) {
    let _: u32 = f(1, vec![S], cx).await;
}

fn main() {}
