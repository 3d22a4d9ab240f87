use salvia::{QueryContext, query};

#[query]
pub(crate) fn f(_cx: &QueryContext) {}

async fn caller(cx: &QueryContext) {
    f(cx).await;
}

fn main() {}
