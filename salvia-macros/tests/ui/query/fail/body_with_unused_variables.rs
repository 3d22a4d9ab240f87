#![deny(warnings)]

use salvia::{QueryContext, query};

#[query]
async fn f(unused: u32, _cx: &QueryContext) -> u32 {
    let also = 1;
    2
}

#[derive(Clone, PartialEq, Eq, Hash)]
pub struct S;

impl S {
    #[query]
    pub async fn g(self, mut needless: u32, _cx: &QueryContext) -> u32 {
        needless
    }
}

#[query]
async fn dead(_cx: &QueryContext) {}

async fn caller(cx: &QueryContext) {
    f(1, cx);
}

fn main() {}
