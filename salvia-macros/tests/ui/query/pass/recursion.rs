#![deny(warnings)]


use async_recursion::async_recursion;
use salvia::{QueryContext, query};

#[query]
pub async fn fibonacci(n: u64, cx: &QueryContext) -> u64 {
    match n {
        0 | 1 => n,
        n => {
            let (a, b) = tokio::join!(fibonacci(n - 1, cx), fibonacci(n - 2, cx));
            a + b
        }
    }
}

#[query]
pub async fn even(n: u64, cx: &QueryContext) -> bool {
    n == 0 || odd(n - 1, cx).await
}

#[query]
pub async fn odd(n: u64, cx: &QueryContext) -> bool {
    n != 0 && even(n - 1, cx).await
}

#[query]
#[async_recursion]
pub async fn with_attribute(n: u64, cx: &QueryContext) -> u64 {
    if n == 0 { 0 } else { with_attribute(n - 1, cx).await }
}

#[query]
#[async_recursion::async_recursion(?Send)]
pub async fn with_attribute_by_path(n: u64, cx: &QueryContext) -> u64 {
    if n == 0 { 0 } else { with_attribute_by_path(n - 1, cx).await }
}

#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Term {
    Number(i64),
    Sum(Box<Term>, Box<Term>),
}

impl Term {
    #[query]
    #[async_recursion]
    pub async fn value(self, cx: &QueryContext) -> i64 {
        use Term::*;

        match self {
            Number(n) => n,
            Sum(left, right) => {
                let (left, right) = tokio::join!(left.value(cx), right.value(cx));
                left + right
            }
        }
    }
}

fn main() {}
