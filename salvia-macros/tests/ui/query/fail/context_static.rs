use salvia::{QueryContext, query};

#[query]
async fn f(n: u32, _cx: &'static QueryContext) -> u32 {
    n
}

fn main() {}
