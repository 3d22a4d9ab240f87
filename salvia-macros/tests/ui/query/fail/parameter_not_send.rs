use salvia::{QueryContext, query};

use std::rc::Rc;

#[query]
async fn f(n: Rc<u32>, cx: &QueryContext) -> u32 {
    other(cx).await;
    *n
}

#[query]
async fn other(_cx: &QueryContext) {}

async fn caller(cx: &QueryContext) {
    let _: u32 = f(Rc::new(1), cx).await;
}

fn main() {}
