use salvia::{QueryContext, query};

#[query]
async fn f(#[allow(unused)] n: u32, _cx: &QueryContext) -> u32 {
    1
}

async fn caller(cx: &QueryContext) {
    let _: u32 = f(1, cx).await;
}

fn main() {}
