use salvia::{QueryContext, query};

use std::fmt::Display;

#[query]
async fn f(n: Vec<(u8, impl Display)>, _cx: &QueryContext) -> usize {
    n.len()
}

async fn caller(cx: &QueryContext) {
    let _: usize = f(vec![(1, 2)], cx).await;
}

fn main() {}
