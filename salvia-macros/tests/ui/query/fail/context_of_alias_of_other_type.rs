use salvia::query;

type Cx = String;

#[query]
async fn f(n: usize, cx: &Cx) -> usize {
    n + cx.len()
}

fn main() {}
