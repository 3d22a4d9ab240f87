//! Hits and nothing else, for a tool that counts instructions: `hit root 1000`.
//!
//! `hit_count.sh` runs it in two lengths; what both have in common falls out of the difference. Without arguments (`cargo bench`)
//! every kind runs once, to see that it still does.

use std::hint::black_box;

use salvia::{Input, InputAccess, QueryContext, Runtime, query};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputAccess)]
struct Factor;

impl Input<u64> for Factor {
    fn initial(&self) -> u64 {
        3
    }
}

#[query]
async fn scaled(number: u64, cx: &QueryContext) -> u64 {
    Factor.get(cx).await * number
}

#[query]
async fn sum_in_a_body(hits: u64, cx: &QueryContext) -> u64 {
    sum(hits, cx).await
}

async fn sum(hits: u64, cx: &QueryContext) -> u64 {
    let mut sum = 0;
    for _ in 0..hits {
        sum += scaled(black_box(7), cx).await;
    }
    sum
}

/// A loop of hits of one kind.
async fn run(kind: &str, hits: u64) {
    let rt = Runtime::new().await;
    rt.query(|cx| async move { scaled(7, &cx).await }).await;
    let found = match kind {
        "root" => rt.query(|cx| async move { sum(hits, &cx).await }).await,
        "body" => {
            rt.query(|cx| async move { sum_in_a_body(hits, &cx).await })
                .await
        }
        "input" => {
            rt.query(|cx| async move {
                let mut sum = 0;
                for _ in 0..hits {
                    sum += 7 * black_box(Factor).get(&cx).await;
                }
                sum
            })
            .await
        }
        "request" => {
            let mut sum = 0;
            for _ in 0..hits {
                sum += rt
                    .query(|cx| async move { scaled(black_box(7), &cx).await })
                    .await;
            }
            sum
        }
        _ => panic!("`{kind}` is none of {KINDS:?}"),
    };
    assert_eq!(found, 21 * hits);
}

const KINDS: [&str; 4] = ["root", "body", "input", "request"];

/// Enough to see that it works.
const FEW: u64 = 100;

fn main() {
    let tokio = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a thread is there");
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"))
        .collect();
    match &arguments[..] {
        [kind, hits] => {
            let hits = hits.parse().expect("how many hits is a number");
            tokio.block_on(run(kind, hits));
        }
        _ => {
            for kind in KINDS {
                tokio.block_on(run(kind, FEW));
            }
        }
    }
}
