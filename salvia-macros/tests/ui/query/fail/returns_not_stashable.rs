use salvia::{QueryContext, query};

struct S;

#[query]
async fn f(_cx: &QueryContext) -> Vec<S> {
    vec![]
}

fn main() {}
