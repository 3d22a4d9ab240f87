use salvia::{Cycle, QueryContext, query};

fn broken<T: Copy + From<u64>>(_cycle: &Cycle, n: T) -> T {
    n
}

#[query(cycle = broken)]
async fn f(n: u32, _cx: &QueryContext) -> u32 {
    n
}

async fn caller(cx: &QueryContext) {
    let _: u32 = f(1, cx).await;
}

fn main() {}
