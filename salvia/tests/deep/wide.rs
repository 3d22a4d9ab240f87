//! A node with as many dependencies as a deep chain has links, and an input with as many readers.

use std::sync::Arc;

use futures::future::join_all;
use salvia::{QueryContext, Runtime, query};

use crate::child::{Lap, in_a_child};
use crate::kit::{Slot, put};
use crate::{Runs, counted, depth};

/// Slot 0 is read by `shared` alone.
#[query]
async fn leaf(n: u32, cx: &QueryContext) -> i64 {
    Runs::note(cx);
    Slot(n + 1).get(cx).await
}

/// Finishes in a task of its own.
#[query]
async fn waiting(n: u32, cx: &QueryContext) -> i64 {
    Runs::note(cx);
    tokio::task::yield_now().await;
    Slot(n + 1).get(cx).await
}

#[query]
async fn reader(n: u32, cx: &QueryContext) -> i64 {
    Runs::note(cx);
    Slot(0).get(cx).await + i64::from(n)
}

#[query]
async fn joined(cx: &QueryContext) -> i64 {
    Runs::note(cx);
    let leaves: Vec<_> = (0..depth()).map(|n| leaf(n, cx)).collect();
    join_all(leaves).await.into_iter().sum()
}

#[query]
async fn joined_waiting(cx: &QueryContext) -> i64 {
    Runs::note(cx);
    let leaves: Vec<_> = (0..depth()).map(|n| waiting(n, cx)).collect();
    join_all(leaves).await.into_iter().sum()
}

#[query]
async fn in_a_row(cx: &QueryContext) -> i64 {
    Runs::note(cx);
    let mut sum = 0;
    for n in 0..depth() {
        sum += leaf(n, cx).await;
    }
    sum
}

#[query]
async fn waiting_in_a_row(cx: &QueryContext) -> i64 {
    Runs::note(cx);
    let mut sum = 0;
    for n in 0..depth() {
        sum += waiting(n, cx).await;
    }
    sum
}

/// Sets every leaf's slot.
async fn put_all(rt: &Arc<Runtime>, value: i64) {
    rt.mutate(|cx| async move {
        for n in 0..depth() {
            Slot(n + 1).set(value, &cx).await;
        }
    })
    .await;
}

/// Cold; one changed, at the start, in the middle and at the end; all changed.
macro_rules! check {
    ($top:ident) => {
        in_a_child(|| async {
            let (rt, runs) = counted();
            let ask = |cx: QueryContext| async move { $top(&cx).await };
            let (width, all) = (i64::from(depth()), depth() as usize + 1);
            let mut lap = Lap::begin();
            assert_eq!((rt.query(ask).await, runs.take()), (0, all));
            lap.end("cold");
            for (place, at) in [0, depth() / 2, depth() - 1].into_iter().enumerate() {
                put(&rt, at + 1, 1).await;
                assert_eq!((rt.query(ask).await, runs.take()), (place as i64 + 1, 2));
            }
            lap.end("one changed, thrice");
            put_all(&rt, 7).await;
            lap.end("commit of all");
            assert_eq!((rt.query(ask).await, runs.take()), (7 * width, all));
            lap.end("all changed");
            drop((rt, ask));
            lap.end("dropped");
        })
    };
}

#[test]
fn a_node_joins_many_dependencies() {
    check!(joined);
}

#[test]
fn a_node_joins_many_dependencies_that_wait() {
    check!(joined_waiting);
}

#[test]
fn a_node_asks_for_many_dependencies_in_a_row() {
    check!(in_a_row);
}

#[test]
fn a_node_asks_for_many_dependencies_that_wait_in_a_row() {
    check!(waiting_in_a_row);
}

/// One write is told to all who read it, and to the one above them once.
#[test]
fn an_input_has_many_readers() {
    #[query]
    async fn hub(cx: &QueryContext) -> i64 {
        Runs::note(cx);
        let readers: Vec<_> = (0..depth()).map(|n| reader(n, cx)).collect();
        let values = join_all(readers).await;
        values.into_iter().max().unwrap_or_default()
    }
    in_a_child(|| async {
        let (rt, runs) = counted();
        let ask = |cx: QueryContext| async move { hub(&cx).await };
        let (top, all) = (i64::from(depth()) - 1, depth() as usize + 1);
        for value in 0..4 {
            let mut lap = Lap::begin();
            put(&rt, 0, value).await;
            lap.end("commit");
            assert_eq!((rt.query(ask).await, runs.take()), (top + value, all));
            lap.end("asked");
        }
    });
}
