use salvia::{QueryContext, query};

#[query(fast = 16)]
async fn f(n: u32, _cx: &QueryContext) -> u32 {
    n
}

async fn caller(cx: &QueryContext) {
    let _: u32 = f(1, cx).await;
}

fn main() {}
