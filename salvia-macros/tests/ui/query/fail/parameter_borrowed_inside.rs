use salvia::{QueryContext, query};

#[query]
async fn f(names: Vec<&str>, _cx: &QueryContext) -> usize {
    names.len()
}

async fn caller(cx: &QueryContext) {
    let _: usize = f(vec!["a"], cx).await;
}

fn main() {}
