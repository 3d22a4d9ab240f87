use salvia::{QueryContext, query};

#[query]
async fn f(text: String, cx: &QueryContext) -> usize {
    cx.memo((), async move |(), _cx| text.len()).await
}

fn main() {}
