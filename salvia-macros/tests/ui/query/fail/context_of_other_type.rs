use salvia::query;

use salvia::InputContext;

#[query]
async fn f(n: u32, _cx: &InputContext) -> u32 {
    n
}

fn main() {}
