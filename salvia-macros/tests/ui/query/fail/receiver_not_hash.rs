use salvia::{QueryContext, query};

#[derive(Clone, PartialEq, Eq)]
struct S;

impl S {
    #[query]
    async fn f(self, _cx: &QueryContext) -> u32 {
        1
    }
}

fn main() {}
