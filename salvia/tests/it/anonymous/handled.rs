//! Parents whose runs store no value: they have handled a failure, or are part of a cycle.

use std::sync::Arc;

use salvia::scope::CallId;
use salvia::{Cycle, QueryContext, Runtime, query};

use super::{Clicks, Rows, click, set_rows};
use crate::kit::{Slot, boom, counted, put};

/// The state of a row, unless its slot says that it fails, after it has read that.
async fn state(number: u32, cx: &QueryContext) -> (CallId, i64) {
    let id = CallId::current();
    let clicks = Clicks(id.clone()).get(cx).await;
    if Slot(number).get::<i64>(cx).await == 1 {
        boom("it says so");
    }
    (id, clicks)
}

type Shown = Vec<Option<(CallId, i64)>>;

#[query]
async fn tolerant(cx: &QueryContext) -> Shown {
    let rows: Vec<u32> = Rows.get(cx).await;
    let mut shown = Vec::new();
    for number in rows {
        let row = cx.memo_in_slot(&number, number, state);
        shown.push(row.catch().await.ok());
    }
    shown
}

async fn show(rt: &Arc<Runtime>) -> Shown {
    rt.query(async |cx| tolerant(&cx).await).await
}

fn states(shown: Shown) -> Vec<Option<i64>> {
    shown
        .into_iter()
        .map(|row| row.map(|(_, clicks)| clicks))
        .collect()
}

/// Shows rows, one after the other, and clicks on them so many times. Gives their ids.
async fn clicked(rt: &Arc<Runtime>, rows: &[u32], clicks: i64) -> Vec<CallId> {
    set_rows(rt, rows).await;
    let shown = show(rt).await;
    let ids: Vec<CallId> = shown.into_iter().flatten().map(|(id, _)| id).collect();
    for id in &ids {
        click(rt, id, clicks).await;
    }
    show(rt).await;
    ids
}

fn there(rt: &Arc<Runtime>) -> (usize, usize) {
    (rt.stats().nodes, rt.stats().inputs)
}

#[tokio::test]
async fn what_the_last_stored_value_was_made_from_goes_with_the_next_one_that_is_stored() {
    let (rt, _) = counted();
    clicked(&rt, &[2, 4], 5).await;
    put(&rt, 3, 1).await;
    set_rows(&rt, &[2, 3]).await;
    assert_eq!(states(show(&rt).await), [Some(5), None]);
    set_rows(&rt, &[2, 3, 4]).await;
    assert_eq!(
        states(show(&rt).await),
        [Some(5), None, Some(5)],
        "a run without the failure would have found it again"
    );
    set_rows(&rt, &[2, 3]).await;
    show(&rt).await;
    put(&rt, 3, 0).await;
    assert_eq!(states(show(&rt).await), [Some(5), Some(0)]);
    // The list and two rows; which rows, the slots of all there were, two states.
    assert_eq!(there(&rt), (3, 6));
    set_rows(&rt, &[2, 4]).await;
    assert_eq!(states(show(&rt).await), [Some(5), Some(0)]);
}

#[tokio::test]
async fn nothing_piles_up_though_every_run_handles_a_failure() {
    let (rt, _) = counted();
    put(&rt, 1, 1).await;
    let mut before = None;
    for number in 2..20 {
        let ids = clicked(&rt, &[1, number], 5).await;
        set_rows(&rt, &[1, number]).await;
        assert_eq!(states(show(&rt).await), [None, Some(5)]);
        let (nodes, inputs) = there(&rt);
        // A slot for each row there was is an input like any other.
        let now = (nodes, inputs - number as usize);
        assert_eq!(*before.get_or_insert(now), now);
        if let Some(id) = ids.first() {
            set_rows(&rt, &[1]).await;
            show(&rt).await;
            let writes = rt.stats().dropped_writes;
            click(&rt, id, 9).await;
            assert_eq!(rt.stats().dropped_writes, writes + 1);
        }
        set_rows(&rt, &[1, number]).await;
        assert_eq!(states(show(&rt).await), [None, Some(0)], "it is a new one");
    }
}

/// It was called, although nothing came of it.
#[tokio::test]
async fn a_row_whose_failure_is_handled_keeps_its_state() {
    let (rt, _) = counted();
    // No value of the list is ever stored.
    put(&rt, 3, 1).await;
    clicked(&rt, &[1, 2, 3], 5).await;
    put(&rt, 2, 1).await;
    for rows in [[1, 2, 3], [3, 2, 1], [2, 3, 1]] {
        set_rows(&rt, &rows).await;
        assert_eq!(states(show(&rt).await).into_iter().flatten().count(), 1);
    }
    put(&rt, 2, 0).await;
    assert_eq!(states(show(&rt).await), [Some(5), None, Some(5)]);
}

/// Rows of cells, of which each row shows those that do not fail.
#[query]
async fn sheet(cx: &QueryContext) -> Vec<(u32, Shown)> {
    let rows: Vec<u32> = Rows.get(cx).await;
    let mut shown = Vec::new();
    for number in rows {
        let cells = cx.memo_in_slot(&number, number, async |number, cx| {
            let width: i64 = Slot(100 + number).get(cx).await;
            let mut shown = Vec::new();
            for column in 0..u32::try_from(width).expect("it is small") {
                let cell = cx.memo_in_slot(&column, column, state);
                shown.push(cell.catch().await.ok());
            }
            shown
        });
        shown.push((number, cells.await));
    }
    shown
}

#[tokio::test]
async fn cells_go_with_the_run_of_the_sheet_in_which_their_row_has_left_them_out() {
    let (rt, _) = counted();
    let ask = async || {
        let shown = rt.query(async |cx| sheet(&cx).await).await;
        let cells = shown.into_iter().flat_map(|(_, cells)| cells);
        cells.collect::<Shown>()
    };
    // The first cell of each row fails.
    put(&rt, 0, 1).await;
    put(&rt, 101, 3).await;
    put(&rt, 102, 2).await;
    set_rows(&rt, &[1, 2]).await;
    for (id, _) in ask().await.into_iter().flatten() {
        click(&rt, &id, 7).await;
    }
    assert_eq!(states(ask().await), [None, Some(7), Some(7), None, Some(7)]);
    let full = there(&rt);
    put(&rt, 101, 2).await;
    ask().await;
    put(&rt, 101, 3).await;
    assert_eq!(states(ask().await), [None, Some(7), Some(0), None, Some(7)]);
    set_rows(&rt, &[1]).await;
    ask().await;
    set_rows(&rt, &[1, 2]).await;
    assert_eq!(states(ask().await), [None, Some(7), Some(0), None, Some(0)]);
    assert_eq!(there(&rt), full);
}

/// Asks itself, so its value is the one for a cycle, and whoever asks it stores none either.
#[query(cycle = nothing)]
async fn ring(cx: &QueryContext) -> i64 {
    ring(cx).await
}

fn nothing(_: &Cycle) -> i64 {
    0
}

#[tokio::test]
async fn rows_of_a_parent_that_reads_the_value_of_a_cycle_go_too() {
    #[query]
    async fn around(cx: &QueryContext) -> Vec<i64> {
        let none = ring(cx).await;
        let rows: Vec<u32> = Rows.get(cx).await;
        let mut shown = Vec::new();
        for number in rows {
            let row = cx.memo_in_slot(&number, number, state);
            shown.push(none + row.await.1);
        }
        shown
    }
    let (rt, _) = counted();
    let ask = async || rt.query(async |cx| around(&cx).await).await;
    set_rows(&rt, &[1]).await;
    ask().await;
    let before = there(&rt);
    for number in 2..20 {
        set_rows(&rt, &[number]).await;
        assert_eq!(ask().await, [0]);
        let (nodes, inputs) = there(&rt);
        assert_eq!((nodes, inputs - number as usize + 1), before);
    }
}
