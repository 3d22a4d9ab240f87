use salvia::{QueryContext, query};

#[query]
async fn f(n: u32, _cx: &QueryContext) -> String {
    n
}

struct S;

impl S {
    #[query]
    async fn g(n: u32, _cx: &QueryContext) -> String {
        if n == 0 {
            return 0;
        }
        String::new()
    }
}

fn main() {}
