//! The paths through the engine, each by itself, for a tool that counts instructions: `paths hit 1000`.
//!
//! `paths.sh` runs each in two lengths; what both have in common falls out of the difference. Without arguments (`cargo bench`)
//! every path is gone a few times, to see that it still leads where it should.

use std::hint::black_box;
use std::sync::Arc;

use salvia::{Input, InputAccess, QueryContext, Runtime, query};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputAccess)]
struct Cell(u64);

impl Input<u64> for Cell {
    fn initial(&self) -> u64 {
        3
    }
}

#[query]
async fn scaled(number: u64, cx: &QueryContext) -> u64 {
    Cell(0).get(cx).await * number
}

#[query]
async fn constant(number: u64, _cx: &QueryContext) -> u64 {
    number
}

/// A link of a chain, of which there are many.
#[query]
async fn link(chain: u64, number: u64, cx: &QueryContext) -> u64 {
    match number {
        0 => Cell(0).get(cx).await,
        _ => link(chain, number - 1, cx).await,
    }
}

/// Changes with the input's lowest bit only.
#[query]
async fn parity(cx: &QueryContext) -> u64 {
    Cell(0).get(cx).await % 2
}

#[query]
async fn stopped(number: u64, cx: &QueryContext) -> u64 {
    match number {
        0 => parity(cx).await,
        _ => stopped(number - 1, cx).await,
    }
}

#[query]
async fn sum_of_hits(hits: u64, cx: &QueryContext) -> u64 {
    same_hits(hits, cx).await
}

/// Sums what depends on the first cells, one each.
#[query]
async fn sum_of_cells(cells: u64, cx: &QueryContext) -> u64 {
    let mut sum = 0;
    for number in 0..cells {
        sum += Cell(number).get(cx).await;
    }
    sum
}

#[query]
async fn leaf(number: u64, cx: &QueryContext) -> u64 {
    Cell(number).get(cx).await % 2
}

/// Sums what depends on a cell each, and changes with its lowest bit only.
#[query]
async fn fan(leaves: u64, cx: &QueryContext) -> u64 {
    let mut sum = 0;
    for number in 0..leaves {
        sum += leaf(number, cx).await;
    }
    sum
}

async fn same_hits(hits: u64, cx: &QueryContext) -> u64 {
    let mut sum = 0;
    for _ in 0..hits {
        sum += scaled(black_box(7), cx).await;
    }
    sum
}

async fn set(rt: &Arc<Runtime>, cells: impl Iterator<Item = u64> + Send, value: u64) {
    rt.mutate(async |cx| {
        for cell in cells {
            Cell(cell).set(value, &cx).await;
        }
    })
    .await;
}

/// Links of a chain, few enough for the stack.
const LINKS: u64 = 1_000;

/// One request that goes a path `times` times.
async fn in_one_request(rt: &Arc<Runtime>, path: &str, times: u64) {
    match path {
        "hit" => {
            rt.query(async |cx| scaled(7, &cx).await).await;
            let sum = rt.query(async |cx| same_hits(times, &cx).await).await;
            assert_eq!(sum, 21 * times);
        }
        "hit-in-a-body" => {
            rt.query(async |cx| scaled(7, &cx).await).await;
            let sum = rt.query(async |cx| sum_of_hits(times, &cx).await).await;
            assert_eq!(sum, 21 * times);
        }
        "get" => {
            let get = async |cx: QueryContext| {
                let mut sum = 0;
                for _ in 0..times {
                    sum += black_box(Cell(0)).get(&cx).await;
                }
                sum
            };
            assert_eq!(rt.query(get).await, 3 * times);
        }
        "execute" => {
            let all = async |cx: QueryContext| {
                let mut sum = 0;
                for number in 0..times {
                    sum += constant(number, &cx).await;
                }
                sum
            };
            assert_eq!(rt.query(all).await, times * (times - 1) / 2);
        }
        "subscribe" => {
            let sum = rt.query(async |cx| sum_of_cells(times, &cx).await).await;
            assert_eq!(sum, 3 * times);
        }
        "execute-in-a-chain" => {
            for chain in 0..times / LINKS {
                // The chains have no link in common, and so begin anew.
                let rt = if chain == 0 {
                    rt
                } else {
                    &Runtime::new().await
                };
                let top = rt.query(async |cx| link(0, LINKS - 1, &cx).await).await;
                assert_eq!(top, 3);
            }
        }
        _ => panic!("`{path}` is none of {PATHS:?}"),
    }
}

/// A path that is gone once a commit, or once a link of a chain and a commit.
async fn over_commits(rt: &Arc<Runtime>, path: &str, times: u64) {
    let link =
        |rt: Arc<Runtime>| async move { rt.query(async |cx| link(0, LINKS - 1, &cx).await).await };
    let stopped =
        |rt: Arc<Runtime>| async move { rt.query(async |cx| stopped(LINKS - 1, &cx).await).await };
    match path {
        "request" => {
            for _ in 0..times {
                let value = rt.query(async |cx| scaled(black_box(7), &cx).await).await;
                assert_eq!(value, 21);
            }
        }
        "commit" => {
            for value in 0..times {
                set(rt, 0..1, value).await;
            }
        }
        "commit-a-set" => {
            for value in 0..times / 1_000 {
                set(rt, 0..1_000, value).await;
            }
        }
        "flow" => {
            link(rt.clone()).await;
            for value in 0..times / LINKS {
                set(rt, 0..1, 100 + value).await;
                assert_eq!(link(rt.clone()).await, 100 + value);
            }
        }
        "cut-off" => {
            stopped(rt.clone()).await;
            for value in 0..times / LINKS {
                set(rt, 0..1, 101 + 2 * value).await;
                assert_eq!(stopped(rt.clone()).await, 1);
            }
        }
        "fan-cut-off" => {
            let fan = async |cx: QueryContext| fan(10_000, &cx).await;
            rt.query(fan).await;
            for value in 0..times / LINKS {
                set(rt, 5_000..5_001, 101 + 2 * value).await;
                assert_eq!(rt.query(fan).await, 10_000);
            }
        }
        "fan-flow" => {
            let fan = async |cx: QueryContext| fan(10_000, &cx).await;
            rt.query(fan).await;
            for value in 0..times / LINKS {
                set(rt, 5_000..5_001, value).await;
                assert_eq!(rt.query(fan).await, 9_999 + value % 2);
            }
        }
        other => in_one_request(rt, other, times).await,
    }
}

const PATHS: [&str; 11] = [
    "hit",
    "hit-in-a-body",
    "get",
    "request",
    "execute",
    "execute-in-a-chain",
    "subscribe",
    "commit",
    "commit-a-set",
    "flow",
    "cut-off",
];

/// Enough to see that it works.
const FEW: u64 = 2_000;

fn main() {
    let tokio = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a thread is there");
    let go = |path: &str, times| {
        tokio.block_on(async { over_commits(&Runtime::new().await, path, times).await });
    };
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"))
        .collect();
    match &arguments[..] {
        [path, times] => go(path, times.parse().expect("how many times is a number")),
        _ => PATHS.into_iter().for_each(|path| go(path, FEW)),
    }
}
