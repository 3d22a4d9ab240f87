use salvia::{Projection, QueryContext, query};

struct Inner<'a>(&'a str);

#[derive(Projection)]
struct View<'a> {
    inner: Inner<'a>,
}

#[query]
async fn f(_view: View<'_>, _cx: &QueryContext) -> u32 {
    1
}

async fn caller(cx: &QueryContext) {
    let _: u32 = f(View { inner: Inner("a") }, cx).await;
}

fn main() {}
