//! The paths through the engine, each by itself, for a tool that counts instructions: `paths hit 1000`.
//!
//! `count.sh paths` runs each in two lengths; what both have in common falls out of the difference. Without arguments (`cargo bench`)
//! every path is gone a few times, to see that it still leads where it should.

use std::hint::black_box;
use std::sync::Arc;

use salvia::{QueryContext, Runtime, query};

#[path = "paths/asked.rs"]
mod asked;

use asked::{Cell, constant, fan, link, same_hits, scaled, set, stopped, sum_of_cells};

#[query]
async fn sum_of_hits(hits: u64, cx: &QueryContext) -> u64 {
    same_hits(hits, cx).await
}

/// Links of a chain. Under valgrind all takes many times as long, so more updates move into tasks than in life.
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
            // It costs so little that many are needed to see it beside what is made before.
            for value in 0..times {
                set(rt, 0..1, 101 + 2 * value).await;
                assert_eq!(stopped(rt.clone()).await, 1);
            }
        }
        "fan-flow" => change_a_leaf(rt, times / LINKS, |value| value).await,
        // As little as that.
        "fan-cut-off" => change_a_leaf(rt, times, |value| 2 * value).await,
        other => in_one_request(rt, other, times).await,
    }
}

/// Sets a cell below a wide node `times` times, and reads that.
async fn change_a_leaf(rt: &Arc<Runtime>, times: u64, value: fn(u64) -> u64) {
    let fan = async |cx: QueryContext| fan(10_000, &cx).await;
    rt.query(fan).await;
    for time in 0..times {
        let value = 100 + value(time);
        set(rt, 5_000..5_001, value).await;
        assert_eq!(rt.query(fan).await, 9_999 + value % 2);
    }
}

const PATHS: [&str; 13] = [
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
    "fan-flow",
    "fan-cut-off",
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
