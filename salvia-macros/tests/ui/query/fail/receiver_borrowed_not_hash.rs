use salvia::{QueryContext, query};

#[derive(Clone, PartialEq, Eq)]
struct S;

impl S {
    #[query]
    async fn f(&self, _cx: &QueryContext) -> u32 {
        1
    }
}

async fn caller(cx: &QueryContext) {
    let _: u32 = S.f(cx).await;
}

fn main() {}
