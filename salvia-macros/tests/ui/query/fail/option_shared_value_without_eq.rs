use salvia::{QueryContext, query};

struct Big;

#[query(shared)]
async fn f(_cx: &QueryContext) -> Big {
    Big
}

fn main() {}
