use salvia::{QueryContext, query};

#[query]
async fn f(_texts: &Vec<&str>, _cx: &QueryContext) -> u32 {
    1
}

async fn caller(cx: &QueryContext) {
    let _: u32 = f(&vec!["a"], cx).await;
}

fn main() {}
