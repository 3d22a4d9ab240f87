use salvia::{QueryContext, query};

use std::fmt::Debug;

#[query]
async fn f(n: u32, _cx: &QueryContext) -> (impl Debug, Option<u8>) {
    (n, None)
}

async fn caller(cx: &QueryContext) {
    let _: (_, Option<u8>) = f(1, cx).await;
}

fn main() {}
