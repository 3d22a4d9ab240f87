use salvia::{QueryContext, query};

use std::fmt::Display;

#[query]
async fn f(n: impl Display, _cx: &QueryContext) -> String {
    n.to_string()
}

async fn caller(cx: &QueryContext) {
    let _: String = f(1, cx).await;
}

fn main() {}
