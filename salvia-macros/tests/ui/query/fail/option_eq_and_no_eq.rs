use salvia::{QueryContext, query};

fn same(old: &u32, new: &u32) -> bool {
    old == new
}

#[query(no_eq, eq = same)]
async fn f(_cx: &QueryContext) -> u32 {
    1
}

fn main() {}
