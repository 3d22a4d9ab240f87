use salvia::{QueryContext, query};

#[query]
async fn f<T: Default>(_cx: &QueryContext) -> T {
    T::default()
}

async fn caller(cx: &QueryContext) {
    let _: u32 = f(cx).await;
}

fn main() {}
