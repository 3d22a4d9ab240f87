use salvia::{QueryContext, query};

#[derive(Hash)]
struct S;

impl S {
    #[query]
    async fn f(self: Box<Self>, _cx: &QueryContext) -> u32 {
        1
    }
}

fn main() {}
