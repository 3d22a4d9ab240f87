use salvia::{Projection, QueryContext, query};

#[derive(Projection)]
struct View<'a> {
    text: &'a str,
}

#[query]
async fn f(_views: &[View], _cx: &QueryContext) -> u32 {
    1
}

async fn caller(cx: &QueryContext) {
    let _: u32 = f(&[View { text: "a" }], cx).await;
}

fn main() {}
