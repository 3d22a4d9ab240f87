use salvia::{Cycle, QueryContext, query};

#[derive(Clone, PartialEq, Eq)]
struct S;

fn broken(_cycle: &Cycle, _s: S) -> u32 {
    0
}

#[query(cycle = broken)]
async fn f(_s: S, _cx: &QueryContext) -> u32 {
    1
}

async fn caller(cx: &QueryContext) {
    let _: u32 = f(S, cx).await;
}

fn main() {}
