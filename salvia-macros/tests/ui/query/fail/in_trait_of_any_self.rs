use salvia::{QueryContext, query};

trait Area {
    #[query]
    async fn area(&self, _cx: &QueryContext) -> u64 {
        1
    }
}

fn main() {}
