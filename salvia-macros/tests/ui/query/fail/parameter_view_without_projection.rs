use salvia::{QueryContext, query};

struct View<'a> {
    text: &'a str,
}

#[query]
async fn f(_n: u8, _view: View<'_>, _cx: &QueryContext) -> u32 {
    1
}

async fn caller(cx: &QueryContext) {
    let _: u32 = f(1, View { text: "a" }, cx).await;
}

fn main() {}
