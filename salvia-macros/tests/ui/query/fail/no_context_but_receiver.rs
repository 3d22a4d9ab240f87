use salvia::{QueryContext, query};

#[derive(Clone, PartialEq, Eq, Hash)]
struct S;

impl S {
    #[query]
    async fn f(self) -> u32 {
        1
    }
}

async fn caller(cx: &QueryContext) {
    let _ = cx;
    let _: u32 = S.f().await;
}

fn main() {}
