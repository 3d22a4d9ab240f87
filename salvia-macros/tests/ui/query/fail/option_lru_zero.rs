use salvia::{QueryContext, query};

#[query(lru = 0)]
async fn f(_cx: &QueryContext) -> u32 {
    1
}

fn main() {}
