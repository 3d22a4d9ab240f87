use salvia::{QueryContext, query};

#[query(lru)]
async fn f(_cx: &QueryContext) -> u32 {
    1
}

fn main() {}
