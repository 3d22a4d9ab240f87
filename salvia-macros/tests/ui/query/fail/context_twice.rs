use salvia::{QueryContext, query};

#[query]
async fn f(_a: &QueryContext, _b: &QueryContext) -> u32 {
    1
}

async fn caller(cx: &QueryContext) {
    let _: u32 = f(cx, cx).await;
}

fn main() {}
