use salvia::{QueryContext, query};

#[query]
async fn f(_cx: &QueryContext) -> ! {
    panic!()
}

fn main() {}
