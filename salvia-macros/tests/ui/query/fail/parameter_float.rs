use salvia::{QueryContext, query};

#[query]
async fn f(_n: u8, _x: f64, _cx: &QueryContext) -> u32 {
    1
}

async fn caller(cx: &QueryContext) {
    let _: u32 = f(1, 1.0, cx).await;
}

fn main() {}
