use salvia::{QueryContext, query};

#[query]
async fn f(_list: &mut Vec<u8>, _cx: &QueryContext) -> u32 {
    1
}

async fn caller(cx: &QueryContext) {
    let _: u32 = f(&mut vec![1], cx).await;
}

fn main() {}
