use salvia::{Cycle, QueryContext, query};

#[derive(Clone, PartialEq, Eq, Hash)]
struct S;

impl S {
    fn broken(_cycle: &Cycle, n: u32) -> u32 {
        n
    }

    #[query(cycle = Self::broken)]
    async fn f(self, n: u32, _cx: &QueryContext) -> u32 {
        n
    }
}

async fn caller(cx: &QueryContext) {
    let _: u32 = S.f(1, cx).await;
}

fn main() {}
