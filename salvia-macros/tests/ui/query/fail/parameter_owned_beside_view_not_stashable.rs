use salvia::{QueryContext, query};

#[derive(Hash)]
struct S;

#[query]
async fn f(_text: &str, _s: S, _cx: &QueryContext) -> u32 {
    1
}

async fn caller(cx: &QueryContext) {
    let _: u32 = f("a", S, cx).await;
}

fn main() {}
