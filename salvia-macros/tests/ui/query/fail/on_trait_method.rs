use salvia::{QueryContext, query};

#[allow(async_fn_in_trait)]
trait T {
    #[query]
    async fn f(self, n: u32, cx: &QueryContext) -> u32;
}

fn main() {}
