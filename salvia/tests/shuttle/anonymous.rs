//! Nodes that are dropped while somebody is at work with them, and state that is reset beside readers and writers.

use std::sync::Arc;

use salvia::scope::CallId;
use shuttle::future::yield_now;

use salvia::{Input, InputAccess, QueryContext, Runtime, query};

use crate::kit::{explore, go, pause};
use crate::world::{Cell, finish, run, world};

/// State of a row.
#[derive(Debug, Clone, PartialEq, Eq, Hash, InputAccess)]
struct Clicks(CallId);

impl Input<u64> for Clicks {
    fn initial(&self) -> u64 {
        0
    }
}

type Row = (CallId, u64);

/// As many rows as the first cell says, with their clicks.
#[query]
async fn rows(cx: &QueryContext) -> Vec<Row> {
    let run = run(cx, "rows");
    let count: u64 = Cell(0).get(cx).await;
    let mut rows = Vec::new();
    for number in 0..count {
        rows.push(cx.memo_in_slot(&number, number, row).await);
        pause().await;
    }
    run.done(rows)
}

/// A row that is dropped before a run of an older revision has come to it runs once more for that, so it is not counted.
async fn row(_number: u64, cx: &QueryContext) -> Row {
    let id = CallId::current();
    pause().await;
    let clicks = Clicks(id.clone()).get(cx).await;
    pause().await;
    (id, clicks)
}

/// Asks for the rows, and for all they were made from: it is of one revision.
async fn show(rt: &Arc<Runtime>) -> Vec<Row> {
    rt.query(|cx| async move {
        let rows = rows(&cx).await;
        assert_eq!(rows.len() as u64, Cell(0).get(&cx).await);
        for (id, clicks) in &rows {
            assert_eq!(*clicks, Clicks(id.clone()).get(&cx).await);
        }
        rows
    })
    .await
}

async fn set_count(rt: &Arc<Runtime>, count: u64) {
    rt.mutate(|cx| async move { Cell(0).set(count, &cx).await })
        .await;
}

/// One row that was clicked.
async fn clicked() -> (Arc<Runtime>, crate::world::Runs, CallId) {
    let (rt, runs) = world();
    set_count(&rt, 1).await;
    let (id, _) = show(&rt).await.remove(0);
    let clicks = Clicks(id.clone());
    rt.mutate(|cx| async move { clicks.set(5, &cx).await })
        .await;
    (rt, runs, id)
}

/// Whether there are but the query, and how many rows it has.
fn is_empty(rt: &Arc<Runtime>) -> bool {
    let stats = rt.stats();
    (stats.nodes, stats.inputs) == (1, 1)
}

/// Deletes all rows and waits until nothing is left of them, which is for ever if something is; then brings one back.
async fn begin_anew(rt: &Arc<Runtime>, id: &CallId) {
    set_count(rt, 0).await;
    assert!(show(rt).await.is_empty());
    // What had to wait for the writers' turn is over then.
    rt.mutate(|_| async {}).await;
    while !is_empty(rt) {
        // Who was given up may still hold its revision.
        yield_now().await;
    }
    bring_back(rt, id).await;
}

async fn bring_back(rt: &Arc<Runtime>, id: &CallId) {
    set_count(rt, 1).await;
    assert_eq!(show(rt).await, [(id.clone(), 0)]);
}

#[test]
fn a_row_goes_and_comes_back_beside_readers() {
    explore(|| async {
        let (rt, runs, id) = clicked().await;
        let readers = [rt.clone(), rt.clone()].map(|rt| go(async move { show(&rt).await }));
        let writer = go({
            let rt = rt.clone();
            async move {
                set_count(&rt, 0).await;
                set_count(&rt, 2).await;
            }
        });
        for reader in readers {
            reader.value().await;
        }
        writer.value().await;
        assert_eq!(show(&rt).await.len(), 2);
        begin_anew(&rt, &id).await;
        drop(id);
        finish(rt, &runs).await;
    });
}

#[test]
fn a_click_beside_the_end_of_its_row_comes_before_or_does_nothing() {
    explore(|| async {
        let (rt, runs, id) = clicked().await;
        set_count(&rt, 0).await;
        let reader = go({
            let rt = rt.clone();
            async move { show(&rt).await }
        });
        let clicks = go({
            let (rt, id) = (rt.clone(), id.clone());
            async move {
                let clicks = Clicks(id);
                rt.mutate(|cx| async move { clicks.set(9, &cx).await })
                    .await;
            }
        });
        assert!(reader.value().await.is_empty());
        clicks.value().await;
        begin_anew(&rt, &id).await;
        drop(id);
        finish(rt, &runs).await;
    });
}

#[test]
fn a_reader_that_is_dropped_leaves_what_the_next_one_drops() {
    explore(|| async {
        let (rt, runs, id) = clicked().await;
        let gone = go({
            let rt = rt.clone();
            async move { show(&rt).await }
        });
        let writer = go({
            let rt = rt.clone();
            async move { set_count(&rt, 2).await }
        });
        gone.cancelled().await;
        writer.value().await;
        // What the one that was dropped is still at work with goes when that has ended.
        begin_anew(&rt, &id).await;
        drop(id);
        finish(rt, &runs).await;
    });
}

/// Rows that do not read their state.
#[query]
async fn ids(cx: &QueryContext) -> Vec<CallId> {
    let count: u64 = Cell(0).get(cx).await;
    let mut ids = Vec::new();
    for number in 0..count {
        let id = cx.memo_in_slot(&number, (), async |(), _cx| CallId::current());
        ids.push(id.await);
    }
    ids
}

async fn show_ids(rt: &Arc<Runtime>) -> Vec<CallId> {
    rt.query(|cx| async move { ids(&cx).await }).await
}

#[test]
fn state_that_somebody_makes_and_another_one_sets_goes_with_its_row() {
    explore(|| async {
        let (rt, runs) = world();
        set_count(&rt, 1).await;
        let id = show_ids(&rt).await.remove(0);
        let state = |rt: &Arc<Runtime>| {
            let (rt, id) = (rt.clone(), id.clone());
            async move {
                rt.query(|cx| async move { Clicks(id).get(&cx).await })
                    .await
            }
        };
        let first = go(state(&rt));
        let clicks = Clicks(id.clone());
        rt.mutate(|cx| async move { clicks.set(5, &cx).await })
            .await;
        for count in [0, 1] {
            set_count(&rt, count).await;
            show_ids(&rt).await;
            // What had to wait for the writers' turn is over then.
            rt.mutate(|_| async {}).await;
        }
        assert_eq!(state(&rt).await, 0_u64);
        first.value().await;
        drop(id);
        finish(rt, &runs).await;
    });
}
