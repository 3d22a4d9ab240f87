use salvia::{QueryContext, query};

#[query]
async fn f(a @ _: u32, _cx: &QueryContext) -> u32 {
    a
}

async fn caller(cx: &QueryContext) {
    let _: u32 = f(1, cx).await;
}

fn main() {}
