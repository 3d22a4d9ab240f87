use salvia::{Cycle, QueryContext, query};

fn broken<T>(_cycle: &Cycle, n: T) -> T {
    n
}

#[query(cycle = broken<u32>, spawn)]
async fn f(n: u32, _cx: &QueryContext) -> u32 {
    n
}

async fn caller(cx: &QueryContext) {
    let _: u32 = f(1, cx).await;
}

fn main() {}
