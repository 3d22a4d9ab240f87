use salvia::{QueryContext, query};

use std::fmt::Debug;

#[query]
async fn f(_shown: &dyn Debug, _cx: &QueryContext) -> u32 {
    1
}

async fn caller(cx: &QueryContext) {
    let _: u32 = f(&1, cx).await;
}

fn main() {}
