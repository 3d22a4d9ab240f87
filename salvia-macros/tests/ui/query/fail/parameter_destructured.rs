use salvia::{QueryContext, query};

#[query]
async fn f((a, b): (u32, u32), _cx: &QueryContext) -> u32 {
    a + b
}

async fn caller(cx: &QueryContext) {
    let _: u32 = f((1, 2), cx).await;
}

fn main() {}
