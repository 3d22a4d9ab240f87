use salvia::{QueryContext, query};

#[query]
async fn f(_cx: &QueryContext) -> f64 {
    1.0
}

async fn caller(cx: &QueryContext) {
    let _: f64 = f(cx).await;
}

fn main() {}
