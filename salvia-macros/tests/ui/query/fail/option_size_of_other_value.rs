use salvia::{QueryContext, query};

#[query(size = String::len)]
async fn f(_cx: &QueryContext) -> u32 {
    1
}

fn main() {}
