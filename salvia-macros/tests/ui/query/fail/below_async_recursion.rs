use salvia::{QueryContext, query};

use async_recursion::async_recursion;

#[async_recursion]
#[query]
async fn f(n: u32, cx: &QueryContext) -> u32 {
    if n == 0 { 0 } else { f(n - 1, cx).await }
}

async fn caller(cx: &QueryContext) {
    let _: u32 = f(1, cx).await;
}

fn main() {}
