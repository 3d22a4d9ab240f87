//! Rows that are at work when their list leaves them out.

use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use salvia::scope::CallId;
use salvia::{QueryContext, Runtime, query};

use super::{Clicks, Rows};
use crate::kit::{Gate, Slot, gated, pass, put};

/// A row that waits at the gate while its slot says so.
async fn slow_row(number: u32, cx: &QueryContext) -> (CallId, i64) {
    let id = CallId::current();
    if Slot(number).get(cx).await == 99 {
        pass(cx).await;
    }
    (id.clone(), Clicks(id).get(cx).await)
}

#[query]
async fn slow_list(cx: &QueryContext) -> Vec<(CallId, i64)> {
    let rows: Vec<u32> = Rows.get(cx).await;
    let rows = rows
        .iter()
        .map(|number| cx.memo_in_slot(number, *number, slow_row));
    join_all(rows.collect::<Vec<_>>()).await
}

/// Here it is the list that waits, when it has its rows.
#[query]
async fn lingering_list(cx: &QueryContext) -> Vec<(CallId, i64)> {
    let mut rows = Vec::new();
    let numbers: Vec<u32> = Rows.get(cx).await;
    for number in numbers {
        rows.push(cx.memo_in_slot(&number, number, slow_row).await);
    }
    if Slot(0).get(cx).await == 99 {
        pass(cx).await;
    }
    rows
}

async fn set_rows(rt: &Arc<Runtime>, rows: &[u32]) {
    rt.mutate(async |cx| Rows.set(rows.to_vec(), &cx).await)
        .await;
}

async fn show(rt: &Arc<Runtime>) -> Vec<(CallId, i64)> {
    rt.query(async |cx| slow_list(&cx).await).await
}

/// A row with five clicks, which a reader of the past is at work with and the list has left out.
async fn left_out() -> (Arc<Runtime>, Gate, CallId, tokio::task::JoinHandle<()>) {
    let (rt, _, gate) = gated();
    set_rows(&rt, &[1]).await;
    let (id, _) = show(&rt).await.remove(0);
    let clicks = Clicks(id.clone());
    rt.mutate(async |cx| clicks.set(5, &cx).await).await;
    put(&rt, 1, 99).await;
    let reader = tokio::spawn({
        let rt = rt.clone();
        async move { drop(show(&rt).await) }
    });
    gate.entered().await;
    rt.mutate(async |cx| {
        Rows.set(Vec::new(), &cx).await;
        Slot(1).set(0_i64, &cx).await;
    })
    .await;
    assert!(show(&rt).await.is_empty());
    (rt, gate, id, reader)
}

async fn comes_back_anew(rt: &Arc<Runtime>, id: CallId) {
    let writes = rt.stats().dropped_writes;
    let clicks = Clicks(id.clone());
    rt.mutate(async |cx| clicks.set(7, &cx).await).await;
    assert_eq!(rt.stats().dropped_writes, writes + 1, "nobody shows it");
    set_rows(rt, &[1]).await;
    assert_eq!(show(rt).await, [(id, 0)]);
}

#[tokio::test(start_paused = true)]
async fn a_row_whose_reader_gives_up_goes_with_its_state() {
    let (rt, _gate, id, reader) = left_out().await;
    reader.abort();
    // The clock stands still but for this: nobody comes back for it.
    tokio::time::sleep(Duration::from_secs(60)).await;
    comes_back_anew(&rt, id).await;
}

#[tokio::test(start_paused = true)]
async fn a_row_whose_reader_has_its_answer_goes_with_its_state() {
    let (rt, gate, id, reader) = left_out().await;
    gate.open();
    reader.await.expect("the past is there to be read");
    comes_back_anew(&rt, id).await;
}

#[tokio::test(start_paused = true)]
async fn rows_of_a_run_of_the_past_that_is_given_up_go_with_their_state() {
    let (rt, _, gate) = gated();
    let show = async |rt: &Arc<Runtime>| rt.query(async |cx| lingering_list(&cx).await).await;
    set_rows(&rt, &[1]).await;
    let (id, _) = show(&rt).await.remove(0);
    let clicks = Clicks(id.clone());
    rt.mutate(async |cx| {
        clicks.set(5, &cx).await;
        Slot(0).set(99_i64, &cx).await;
    })
    .await;
    let reader = tokio::spawn({
        let rt = rt.clone();
        async move { rt.query(async |cx| drop(lingering_list(&cx).await)).await }
    });
    gate.entered().await;
    rt.mutate(async |cx| {
        Rows.set(Vec::new(), &cx).await;
        Slot(0).set(0_i64, &cx).await;
    })
    .await;
    // What runs for the past reads the row still.
    assert!(show(&rt).await.is_empty());
    reader.abort();
    // The clock stands still but for this: nobody comes back for it.
    tokio::time::sleep(Duration::from_secs(60)).await;
    let writes = rt.stats().dropped_writes;
    let clicks = Clicks(id.clone());
    rt.mutate(async |cx| clicks.set(7, &cx).await).await;
    assert_eq!(rt.stats().dropped_writes, writes + 1, "nobody shows it");
    set_rows(&rt, &[1]).await;
    assert_eq!(show(&rt).await, [(id, 0)]);
}

/// Whether a row is wanted, the newest run of its list says, and that is still at work with it.
#[tokio::test(start_paused = true)]
async fn a_row_of_the_newest_run_stays_when_a_run_of_the_past_leaves_it_out() {
    let (rt, _, gate) = gated();
    set_rows(&rt, &[1]).await;
    let past = rt.snapshot();
    rt.mutate(async |cx| {
        Rows.set(vec![1, 2], &cx).await;
        Slot(2).set(99_i64, &cx).await;
    })
    .await;
    let newest = tokio::spawn({
        let rt = rt.clone();
        async move { show(&rt).await }
    });
    gate.entered().await;
    let shown = past.query(async |cx| slow_list(&cx).await).await;
    assert_eq!(shown.len(), 1);
    gate.open();
    let (id, _) = newest.await.expect("it is shown").remove(1);
    let clicks = Clicks(id.clone());
    rt.mutate(async |cx| clicks.set(5, &cx).await).await;
    assert_eq!(rt.stats().dropped_writes, 0);
    assert_eq!(show(&rt).await[1], (id, 5));
}
