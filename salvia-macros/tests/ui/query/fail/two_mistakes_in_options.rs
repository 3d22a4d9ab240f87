use salvia::{QueryContext, query};

#[query(abc = 16, detached, spawn = 1, detached)]
async fn f(n: u32, _cx: &QueryContext) -> u32 {
    n
}

async fn caller(cx: &QueryContext) {
    let _: u32 = f(1, cx).await;
}

fn main() {}
