use salvia::{QueryContext, query};

#[query]
async fn f(_cx: &QueryContext) -> f64 {
    1.0
}

fn main() {}
