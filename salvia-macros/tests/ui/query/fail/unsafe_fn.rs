use salvia::{QueryContext, query};

#[query]
async unsafe fn f(n: u32, _cx: &QueryContext) -> u32 {
    n
}

async fn caller(cx: &QueryContext) {
    let _: u32 = unsafe { f(1, cx) }.await;
}

fn main() {}
