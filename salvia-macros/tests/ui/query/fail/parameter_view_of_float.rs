use salvia::{Projection, QueryContext, query};

#[derive(Projection)]
struct View<'a> {
    float: &'a f64,
}

#[query]
async fn f(_view: View<'_>, _cx: &QueryContext) -> u32 {
    1
}

async fn caller(cx: &QueryContext) {
    let _: u32 = f(View { float: &1.0 }, cx).await;
}

fn main() {}
