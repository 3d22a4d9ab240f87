use salvia::{QueryContext, query};

use std::fmt::Debug;

#[query]
async fn f(_cx: &QueryContext) -> (impl Debug + Clone + Eq + 'static,) {
    todo!()
}

async fn caller(cx: &QueryContext) {
    let _ = f(cx).await.0.clone();
}

fn main() {}
