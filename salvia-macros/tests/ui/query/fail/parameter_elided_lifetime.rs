use salvia::{QueryContext, query};

use std::borrow::Cow;

#[query]
async fn f(name: Cow<'_, str>, _cx: &QueryContext) -> usize {
    name.len()
}

async fn caller(cx: &QueryContext) {
    let _: usize = f("a".into(), cx).await;
}

fn main() {}
