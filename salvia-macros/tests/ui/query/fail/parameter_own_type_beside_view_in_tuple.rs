use salvia::{QueryContext, query};

#[derive(Clone, PartialEq, Eq, Hash)]
struct S;

#[query]
async fn f(_both: (&str, S), _cx: &QueryContext) -> u32 {
    1
}

async fn caller(cx: &QueryContext) {
    let _: u32 = f(("a", S), cx).await;
}

fn main() {}
