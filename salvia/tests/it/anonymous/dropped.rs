//! What a parent's run leaves out is dropped, with the inputs that are hosted on its id.

use std::sync::Arc;

use salvia::scope::{CallId, call};
use salvia::{Collect, QueryContext, Runtime, query};

use super::{Clicks, Rows, click, clicks, numbers, set_rows, show, show_at, shown};
use crate::kit::{Live, Slot, Tracked, builder, counted, put, ran};

/// How many nodes and inputs there are.
fn there(rt: &Arc<Runtime>) -> (usize, usize) {
    let stats = rt.stats();
    (stats.nodes, stats.inputs)
}

#[tokio::test]
async fn a_deleted_row_takes_its_node_and_its_input_along() {
    let (rt, counts, before) = shown(&[1, 2]).await;
    click(&rt, &before[1].id, 5).await;
    assert_eq!(clicks(&show(&rt).await), [0, 5]);
    // The list, two rows; which rows there are, two slots, two clicks.
    assert_eq!(there(&rt), (3, 5));
    counts.take();
    set_rows(&rt, &[1]).await;
    assert_eq!(numbers(&show(&rt).await), [1]);
    assert_eq!(counts.take(), ["list"]);
    assert_eq!(there(&rt), (2, 4));
}

#[tokio::test]
async fn a_row_brought_back_starts_at_its_initial_state() {
    let (rt, counts, before) = shown(&[1, 2]).await;
    click(&rt, &before[1].id, 5).await;
    show(&rt).await;
    set_rows(&rt, &[1]).await;
    show(&rt).await;
    counts.take();
    set_rows(&rt, &[1, 2]).await;
    let back = show(&rt).await;
    assert_eq!((clicks(&back), &back[1].id), (vec![0, 0], &before[1].id));
    assert_eq!(counts.take(), ["list", "row 2"]);
    click(&rt, &before[1].id, 3).await;
    assert_eq!(clicks(&show(&rt).await), [0, 3], "it is there again");
}

#[tokio::test]
async fn a_row_that_nobody_missed_keeps_its_state() {
    let (rt, _, before) = shown(&[1, 2]).await;
    click(&rt, &before[1].id, 5).await;
    set_rows(&rt, &[1]).await;
    // No run of the list comes between.
    set_rows(&rt, &[2, 1]).await;
    assert_eq!(clicks(&show(&rt).await), [5, 0]);
}

/// The state of a row that is gone cannot be set: nothing comes of it, and nothing is left of it.
#[tokio::test]
async fn a_write_through_the_id_of_a_dropped_row_does_nothing() {
    let (rt, _, before) = shown(&[1, 2]).await;
    set_rows(&rt, &[1]).await;
    show(&rt).await;
    let (there_before, revision) = (there(&rt), rt.revision());
    click(&rt, &before[1].id, 9).await;
    assert_eq!((there(&rt), rt.revision()), (there_before, revision));
    assert_eq!(rt.stats().dropped_writes, 1);
    set_rows(&rt, &[1, 2]).await;
    assert_eq!(clicks(&show(&rt).await), [0, 0]);
}

#[tokio::test]
async fn resetting_state_is_a_revision_of_its_own() {
    let (rt, _, before) = shown(&[1, 2]).await;
    let id = &before[1].id;
    click(&rt, id, 5).await;
    let clicked = rt.snapshot();
    set_rows(&rt, &[1]).await;
    let deleted = rt.snapshot();
    show(&rt).await;
    let read = async |snapshot: &salvia::Snapshot| {
        snapshot
            .query(async |cx| Clicks(id.clone()).get(&cx).await)
            .await
    };
    assert!(rt.revision() > deleted.revision());
    assert_eq!(
        [
            read(&clicked).await,
            read(&deleted).await,
            read(&rt.snapshot()).await
        ],
        [5, 5, 0]
    );
    assert_eq!(clicks(&show_at(&clicked).await), [0, 5]);
    drop((clicked, deleted));
    assert_eq!(
        rt.stats().inputs,
        4,
        "the last pin took the input along, but for the new read of it"
    );
}

#[tokio::test]
async fn an_input_of_another_value_is_another_node_and_the_old_one_goes() {
    #[query]
    async fn labelled(cx: &QueryContext) -> (i64, CallId) {
        let label: i64 = Slot(0).get(cx).await;
        let shown = cx.memo(label, async |label, cx| {
            let id = CallId::current();
            (label + Clicks(id.clone()).get(cx).await, id)
        });
        shown.await
    }
    let (rt, _) = counted();
    let ask = async || rt.query(async |cx| labelled(&cx).await).await;
    let (_, id) = ask().await;
    click(&rt, &id, 100).await;
    for label in 1..5 {
        put(&rt, 0, label).await;
        assert_eq!(
            ask().await,
            (100 + label, id.clone()),
            "state belongs to the place"
        );
        assert_eq!(there(&rt), (2, 2));
    }
}

/// Rows with cells with state, in calls that make no nodes as well.
#[query]
async fn table(cx: &QueryContext) -> Vec<(u32, Vec<CallId>)> {
    ran(cx, "table");
    let rows: Vec<u32> = Rows.get(cx).await;
    let mut shown = Vec::new();
    for number in rows {
        let cells = cx.memo_in_slot(&number, number, async |number, cx| {
            ran(cx, format!("row {number}"));
            let width: i64 = Slot(number).get(cx).await;
            let mut ids = Vec::new();
            for column in 0..width {
                let cell = cx.memo_in_slot(&column, column, async |column, cx| {
                    ran(cx, format!("cell {column}"));
                    let id = call(CallId::current);
                    let _: i64 = Clicks(id.clone()).get(cx).await;
                    id
                });
                ids.push(cell.await);
            }
            ids
        });
        shown.push((number, cells.await));
    }
    shown
}

#[tokio::test]
async fn what_was_called_in_a_dropped_body_is_dropped_with_it() {
    let (rt, counts) = counted();
    let ask = async || rt.query(async |cx| table(&cx).await).await;
    put(&rt, 1, 2).await;
    put(&rt, 2, 3).await;
    set_rows(&rt, &[1, 2]).await;
    let before = ask().await;
    // The table, two rows, five cells; the rows, two slots, a state for each cell.
    assert_eq!(there(&rt), (8, 8));
    for (_, cells) in &before {
        for id in cells {
            click(&rt, id, 7).await;
        }
    }
    ask().await;
    assert_eq!(there(&rt), (8, 8));
    counts.take();
    put(&rt, 2, 1).await;
    ask().await;
    assert_eq!(counts.take(), ["row 2", "table"], "a cell of two is enough");
    assert_eq!(there(&rt), (6, 6));
    set_rows(&rt, &[1]).await;
    ask().await;
    assert_eq!(
        there(&rt),
        (4, 5),
        "the slot of the row is an input like any other"
    );
    set_rows(&rt, &[1, 2]).await;
    put(&rt, 2, 3).await;
    let after = ask().await;
    assert_eq!(after, before);
    let states = rt.query(async |cx| {
        let mut states = Vec::new();
        for id in after.iter().flat_map(|(_, cells)| cells) {
            let state: i64 = Clicks(id.clone()).get(&cx).await;
            states.push(state);
        }
        states
    });
    assert_eq!(states.await, [7, 7, 0, 0, 0]);
}

/// A node that is unused is memory; what was set is not.
#[tokio::test]
async fn collecting_garbage_resets_no_state() {
    let (rt, counts, before) = shown(&[1, 2]).await;
    click(&rt, &before[1].id, 5).await;
    show(&rt).await;
    counts.take();
    assert_eq!(rt.collect_garbage(Collect::All).nodes, 3);
    click(&rt, &before[0].id, 1).await;
    assert_eq!(clicks(&show(&rt).await), [1, 5]);
    assert_eq!(counts.take(), ["list", "row 1", "row 2"]);
    // What the list calls is known again, and so is what it does not.
    set_rows(&rt, &[1]).await;
    rt.collect_garbage(Collect::All);
    show(&rt).await;
    assert_eq!(there(&rt), (2, 3), "the rows, a slot, a state");
}

#[tokio::test]
async fn values_of_dropped_nodes_are_freed() {
    #[query]
    async fn only(cx: &QueryContext) -> u64 {
        let rows: Vec<u32> = Rows.get(cx).await;
        let mut sum = 0;
        for number in rows {
            let node = cx.memo_in_slot(&number, number, async |number, cx| {
                Tracked::new(number.into(), &cx.resource::<Live>())
            });
            sum += node.await.0;
        }
        sum
    }
    let live = Live::default();
    let rt = builder().resource(live.clone()).build();
    for round in 0..20 {
        let rows: Vec<u32> = (round..round + 5).collect();
        set_rows(&rt, &rows).await;
        rt.query(async |cx| only(&cx).await).await;
        assert_eq!(live.count(), 5);
    }
    set_rows(&rt, &[]).await;
    rt.query(async |cx| only(&cx).await).await;
    assert_eq!((live.count(), there(&rt)), (0, (1, 1)));
}

/// A mutation in progress finds nothing changed beneath it, and the next one finds all done.
#[tokio::test]
async fn state_is_reset_between_mutations_and_not_in_one() {
    let (rt, _, before) = shown(&[1, 2]).await;
    let id = before[1].id.clone();
    click(&rt, &id, 5).await;
    show(&rt).await;
    set_rows(&rt, &[1]).await;
    let read = rt.mutate(async |cx| {
        show(&rt).await;
        Clicks(id.clone()).get::<i64>(&cx).await
    });
    assert_eq!(read.await, 5);
    let read = rt.mutate(async |cx| {
        Rows.set(vec![1, 2], &cx).await;
        Clicks(id.clone()).get::<i64>(&cx).await
    });
    assert_eq!(read.await, 0);
    assert_eq!(clicks(&show(&rt).await), [0, 0]);
}

/// Nobody has read the state of these so far, at either level.
#[tokio::test]
async fn what_never_had_state_gets_none_when_it_is_dropped() {
    #[query]
    async fn bare(cx: &QueryContext) -> Vec<(CallId, Option<CallId>)> {
        let rows: Vec<u32> = Rows.get(cx).await;
        let mut ids = Vec::new();
        for number in rows {
            let row = cx.memo_in_slot(&number, number, async |number, cx| {
                let has_cell = Slot(number).get::<i64>(cx).await == 0;
                let cell = cx.memo((), async |(), _cx| CallId::current());
                let cell = if has_cell { Some(cell.await) } else { None };
                (CallId::current(), cell)
            });
            ids.push(row.await);
        }
        ids
    }
    let (rt, _) = counted();
    let ask = async || rt.query(async |cx| bare(&cx).await).await;
    set_rows(&rt, &[1, 2]).await;
    let before = ask().await;
    let cell = before[0].1.clone().expect("it has one");
    put(&rt, 1, 1).await;
    assert_eq!(ask().await[0].1, None);
    set_rows(&rt, &[1]).await;
    ask().await;
    let there_before = there(&rt);
    click(&rt, &cell, 1).await;
    click(&rt, &before[1].0, 1).await;
    assert_eq!((rt.stats().dropped_writes, there(&rt)), (2, there_before));
    // The row that is there takes one.
    click(&rt, &before[0].0, 1).await;
    assert_eq!(there(&rt).1, there_before.1 + 1);
}

/// All slots of a type may have one hash; a row is not kept by another one's.
#[tokio::test]
async fn rows_of_one_hash_are_dropped_one_by_one() {
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    struct Same(u32);
    impl std::hash::Hash for Same {
        fn hash<H: std::hash::Hasher>(&self, _: &mut H) {}
    }
    #[query]
    async fn listed(cx: &QueryContext) -> Vec<(CallId, i64)> {
        let rows: Vec<u32> = Rows.get(cx).await;
        let mut shown = Vec::new();
        for number in rows {
            let row = cx.memo_in_slot(&Same(number), (), async |(), cx| {
                let id = CallId::current();
                (id.clone(), Clicks(id).get::<i64>(cx).await)
            });
            shown.push(row.await);
        }
        shown
    }
    let (rt, _) = counted();
    let ask = async || rt.query(async |cx| listed(&cx).await).await;
    set_rows(&rt, &[1, 2, 3]).await;
    for (number, (id, _)) in (1..).zip(ask().await) {
        click(&rt, &id, number).await;
    }
    set_rows(&rt, &[3, 1]).await;
    let states = |shown: Vec<(CallId, i64)>| shown.into_iter().map(|(_, state)| state);
    assert!(states(ask().await).eq([3, 1]));
    assert_eq!(there(&rt), (3, 3));
    set_rows(&rt, &[1, 2, 3]).await;
    assert!(states(ask().await).eq([1, 0, 3]));
}

/// It is the place that has the state, and the slot is part of that.
#[tokio::test]
async fn a_row_that_takes_another_slot_is_a_new_one() {
    #[query]
    async fn seated(cx: &QueryContext) -> Vec<(CallId, i64)> {
        let rows: Vec<u32> = Rows.get(cx).await;
        let mut shown = Vec::new();
        for number in rows {
            let seat: i64 = Slot(number).get(cx).await;
            let row = cx.memo_in_slot(&seat, number, async |number, cx| {
                ran(cx, format!("row {number}"));
                let id = CallId::current();
                (id.clone(), Clicks(id).get::<i64>(cx).await)
            });
            shown.push(row.await);
        }
        shown
    }
    let (rt, counts) = counted();
    let ask = async || rt.query(async |cx| seated(&cx).await).await;
    put(&rt, 2, 20).await;
    set_rows(&rt, &[1, 2]).await;
    let before = ask().await;
    click(&rt, &before[0].0, 5).await;
    click(&rt, &before[1].0, 6).await;
    let (there_before, shown) = (there(&rt), ask().await);
    counts.take();
    put(&rt, 1, 10).await;
    let after = ask().await;
    assert_ne!(after[0].0, before[0].0);
    assert_eq!((after[0].1, &after[1]), (0, &shown[1]));
    assert_eq!(
        (counts.take(), there(&rt)),
        (vec!["row 1".to_owned()], there_before)
    );
    put(&rt, 1, 0).await;
    assert_eq!(ask().await[0], before[0], "and so is one that comes back");
}
