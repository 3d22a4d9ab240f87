use salvia::{QueryContext, query};

use salvia::Stashable;

#[query]
async fn f<T: Stashable>(_t: T, _cx: &QueryContext) -> u32 {
    1
}

async fn caller(cx: &QueryContext) {
    let _: u32 = f(1, cx).await;
}

fn main() {}
