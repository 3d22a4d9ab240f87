use salvia::{QueryContext, query};

#[query]
fn f(_: u32, name: &mut String, _cx: &QueryContext) -> usize {
    name.len()
}

async fn caller(cx: &QueryContext) {
    let _: usize = f(1, &mut String::new(), cx).await;
}

fn main() {}
