use salvia::{QueryContext, query};

use std::rc::Rc;

#[query]
async fn f(n: Rc<u32>, cx: &QueryContext) -> u32 {
    other(cx).await;
    *n
}

#[query]
async fn other(_cx: &QueryContext) {}

fn main() {}
