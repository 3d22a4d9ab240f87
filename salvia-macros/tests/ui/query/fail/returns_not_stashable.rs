use salvia::{QueryContext, query};

struct S;

#[query]
async fn f(_cx: &QueryContext) -> Vec<S> {
    vec![]
}

async fn caller(cx: &QueryContext) {
    let _ = f(cx).await.len();
}

fn main() {}
