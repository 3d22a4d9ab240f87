use salvia::{QueryContext, query};

trait Area {
    async fn area(&self, cx: &QueryContext) -> u64;
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Square(u64);

impl Area for Square {
    #[query]
    async fn area(&self, _cx: &QueryContext) -> u64 {
        self.0 * self.0
    }
}

async fn caller(cx: &QueryContext) {
    let _: u64 = Square(3).area(cx).await;
}

fn main() {}
