use salvia::QueryContext;

#[salvia::nested]
#[salvia::query]
async fn f(n: u32, _cx: &QueryContext) -> u32 {
    n
}

async fn caller(cx: &QueryContext) -> u32 {
    f(1, cx).await
}

fn main() {}
