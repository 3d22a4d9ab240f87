use salvia::QueryContext;

#[salvia::query]
async fn above(limit: u32, cx: &QueryContext) -> u32 {
    cx.memo((), async move |(), _cx| limit + 1).await
}

#[salvia::query]
async fn below(limit: u32, cx: &QueryContext) -> u32 {
    cx.memo_in_slot(&limit, limit, async |limit, _cx| limit - 1)
        .await
}

fn main() {}
