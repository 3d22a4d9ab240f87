use salvia::{QueryContext, query};

#[query]
async fn f<'a>(_cx: &'a QueryContext) -> Option<&'a str> {
    None
}

async fn caller(cx: &QueryContext) {
    let _: Option<&str> = f(cx).await;
}

fn main() {}
