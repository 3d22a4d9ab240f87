use salvia::{QueryContext, query};

#[derive(Hash)]
struct S;

impl S {
    #[query]
    async fn f(self: Box<Self>, _cx: &QueryContext) -> u32 {
        1
    }
}

async fn caller(cx: &QueryContext) {
    let _: u32 = Box::new(S).f(cx).await;
}

fn main() {}
