use salvia::{QueryContext, query};

#[query]
async fn f(_i: i32, _i: u64, _cx: &QueryContext) -> u32 {
    1
}

async fn caller(cx: &QueryContext) {
    let _: u32 = f(1, 2, cx).await;
}

fn main() {}
