use salvia::{QueryContext, query};

#[query]
async fn f(_cx: &QueryContext) -> &str {
    "text"
}

async fn caller(cx: &QueryContext) {
    let _: &str = f(cx).await;
}

fn main() {}
