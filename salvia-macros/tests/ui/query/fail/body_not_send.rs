use salvia::{QueryContext, query};

use std::rc::Rc;

#[query]
async fn f(n: u32, cx: &QueryContext) -> u32 {
    let shared = Rc::new(n);
    let next = g(n, cx).await;
    *shared + next
}

#[query]
async fn g(n: u32, _cx: &QueryContext) -> u32 {
    n
}

fn main() {}
