use salvia::{QueryContext, query};

struct Big;

#[query(no_eq)]
async fn f(_cx: &QueryContext) -> Big {
    Big
}

fn main() {}
