use salvia::{QueryContext, query};

#[query(share)]
async fn f(n: u32, _cx: &QueryContext) -> u32 {
    n
}

#[query(noeq)]
async fn g(n: u32, _cx: &QueryContext) -> u32 {
    n
}

async fn caller(cx: &QueryContext) {
    let _: u32 = f(1, cx).await + g(1, cx).await;
}

fn main() {}
