use salvia::{QueryContext, query};

#[query]
fn f(_: u32, name: &str, _cx: &QueryContext) -> usize {
    name.len()
}

async fn caller(cx: &QueryContext) {
    let _: usize = f(1, "a", cx).await;
}

fn main() {}
