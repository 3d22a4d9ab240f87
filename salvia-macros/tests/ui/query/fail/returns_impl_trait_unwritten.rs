use salvia::{QueryContext, query};

#[query]
async fn f(_cx: &QueryContext) -> (impl std::fmt::Debug + Clone + Eq + 'static,) {
    todo!()
}

async fn caller(cx: &QueryContext) {
    let _ = f(cx).await.0.clone();
}

fn main() {}
