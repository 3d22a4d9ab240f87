use salvia::{QueryContext, query};

#[query]
async fn f(n: u32, _cx: &QueryContext) -> Vec<_> {
    vec![n]
}

async fn caller(cx: &QueryContext) {
    let _ = f(1, cx).await.len();
}

fn main() {}
