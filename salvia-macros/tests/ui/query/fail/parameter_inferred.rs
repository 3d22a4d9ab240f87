use salvia::{QueryContext, query};

#[query]
async fn f(_n: Vec<_>, _cx: &QueryContext) -> u32 {
    1
}

async fn caller(cx: &QueryContext) {
    let _: u32 = f(vec![1u8], cx).await;
}

fn main() {}
