use salvia::query;

#[query]
async fn f(n: u32, _cx: &[u32]) -> u32 {
    n
}

fn main() {}
