use salvia::{QueryContext, query};

use std::future::Future;
use std::pin::Pin;

#[query]
fn f(n: u32, _cx: &QueryContext) -> Pin<Box<dyn Future<Output = u32> + Send + '_>> {
    Box::pin(async move { n })
}

async fn caller(cx: &QueryContext) {
    let _: u32 = f(1, cx).await;
}

fn main() {}
