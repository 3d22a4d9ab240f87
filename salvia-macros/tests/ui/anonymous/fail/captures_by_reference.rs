use salvia::{QueryContext, query};

#[query]
async fn f(n: u32, cx: &QueryContext) -> u32 {
    cx.memo((), async |(), _cx| n + 1).await
}

fn main() {}
