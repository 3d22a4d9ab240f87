use salvia::{QueryContext, query};

#[query]
async fn f<'a>(name: &'a str, _cx: &QueryContext) -> usize {
    name.len()
}

async fn caller(cx: &QueryContext) {
    let _: usize = f("a", cx).await;
}

fn main() {}
