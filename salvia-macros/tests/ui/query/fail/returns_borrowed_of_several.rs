use salvia::{QueryContext, query};

#[query]
async fn f(text: &str, _cx: &QueryContext) -> &str {
    text
}

async fn caller(cx: &QueryContext) {
    let _: &str = f("text", cx).await;
}

fn main() {}
