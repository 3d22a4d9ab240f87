use salvia::{QueryContext, query};

use std::fmt::Debug;

#[query]
async fn f(n: u32, _cx: &QueryContext) -> impl Debug + Clone {
    n
}

async fn caller(cx: &QueryContext) {
    let _ = f(1, cx).await.clone();
}

fn main() {}
