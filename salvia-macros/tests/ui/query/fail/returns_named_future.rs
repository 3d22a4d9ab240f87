use salvia::{QueryContext, query};

use std::future::Ready;

#[query]
fn f(n: u32, _cx: &QueryContext) -> Ready<u32> {
    std::future::ready(n)
}

fn main() {}
