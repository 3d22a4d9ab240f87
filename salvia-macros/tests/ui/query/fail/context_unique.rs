use salvia::{QueryContext, query};

#[query]
async fn f(n: u32, _cx: &mut QueryContext) -> u32 {
    n
}

fn main() {}
