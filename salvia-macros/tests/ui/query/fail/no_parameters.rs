use salvia::{QueryContext, query};

#[query]
async fn f() -> u32 {
    1
}

async fn caller(cx: &QueryContext) {
    let _ = cx;
    let _: u32 = f().await;
}

fn main() {}
