use salvia::{QueryContext, query};

#[query]
async fn f(_cx: &QueryContext, n: u32) -> u32 {
    n
}

async fn caller(cx: &QueryContext) {
    let _: u32 = f(cx, 1).await;
}

fn main() {}
