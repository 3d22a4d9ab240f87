use salvia::{QueryContext, query};

#[query]
async fn f(n: u32) -> u32 {
    n
}

async fn caller(cx: &QueryContext) {
    let _ = cx;
    let _: u32 = f(1).await;
}

fn main() {}
