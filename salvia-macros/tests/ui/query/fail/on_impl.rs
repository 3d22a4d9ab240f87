use salvia::{QueryContext, query};

struct S;

#[query]
impl S {
    async fn f(self, _cx: &QueryContext) {}
}

async fn caller(cx: &QueryContext) {
    S.f(cx).await;
}

fn main() {}
