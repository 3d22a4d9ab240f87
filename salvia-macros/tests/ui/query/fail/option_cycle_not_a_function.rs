use salvia::{QueryContext, query};

const BROKEN: u32 = 0;

#[query(cycle = BROKEN)]
async fn f(n: u32, _cx: &QueryContext) -> u32 {
    n
}

async fn caller(cx: &QueryContext) {
    let _: u32 = f(1, cx).await;
}

fn main() {}
