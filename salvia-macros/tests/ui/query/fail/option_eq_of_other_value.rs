use salvia::{QueryContext, query};

fn same(old: &u64, new: &u64) -> bool {
    old == new
}

#[query(eq = same)]
async fn f(_cx: &QueryContext) -> u32 {
    1
}

fn main() {}
