//! Ids that were taken before their nodes were collected: who has one is told the same as who takes it now.

use salvia::scope::CallId;
use salvia::{Collect, QueryContext, query};

use super::{Clicks, Rows, click, clicks, set_rows, show, shown};
use crate::kit::{Counts, Slot, builder, counted, put};

#[query]
async fn other(number: u32, _cx: &QueryContext) -> String {
    number.to_string().repeat(10)
}

#[tokio::test]
async fn an_id_from_before_a_collection_is_that_of_the_node_that_is_made_again() {
    let (rt, _, before) = shown(&[1, 2]).await;
    click(&rt, &before[1].id, 5).await;
    show(&rt).await;
    rt.collect_garbage(Collect::All);
    show(&rt).await;
    set_rows(&rt, &[1]).await;
    show(&rt).await;
    click(&rt, &before[1].id, 9).await;
    assert_eq!(rt.stats().dropped_writes, 1);
    set_rows(&rt, &[1, 2]).await;
    assert_eq!(clicks(&show(&rt).await), [0, 0]);
    click(&rt, &before[1].id, 3).await;
    assert_eq!(clicks(&show(&rt).await), [0, 3], "it is there again");
}

/// It was never made again: the list has left it out all the same.
#[tokio::test]
async fn an_id_of_a_node_that_is_not_made_again_is_known_as_dropped() {
    for had_state in [false, true] {
        let (rt, _, before) = shown(&[1, 2]).await;
        if had_state {
            click(&rt, &before[1].id, 5).await;
            show(&rt).await;
        }
        rt.collect_garbage(Collect::All);
        set_rows(&rt, &[1]).await;
        show(&rt).await;
        click(&rt, &before[1].id, 9).await;
        assert_eq!(rt.stats().dropped_writes, 1, "had state: {had_state}");
        set_rows(&rt, &[1, 2]).await;
        assert_eq!(clicks(&show(&rt).await), [0, 0]);
    }
}

/// That a node was collected is no reason to lose a write: it is there as soon as somebody asks.
#[tokio::test]
async fn a_write_through_the_id_of_a_collected_node_is_made() {
    let (rt, _, before) = shown(&[1, 2]).await;
    set_rows(&rt, &[1]).await;
    show(&rt).await;
    set_rows(&rt, &[1, 2]).await;
    show(&rt).await;
    rt.collect_garbage(Collect::All);
    click(&rt, &before[1].id, 4).await;
    assert_eq!(rt.stats().dropped_writes, 0);
    assert_eq!(clicks(&show(&rt).await), [0, 4]);
}

/// Two rows in one slot share what is called in them; when one of them was collected, what only it had called is gone.
#[tokio::test]
async fn what_a_collected_row_has_called_goes_though_another_one_has_its_slot() {
    #[query]
    async fn wide(cx: &QueryContext) -> Vec<(CallId, i64)> {
        let rows: Vec<u32> = Rows.get(cx).await;
        let mut cells = Vec::new();
        for number in rows {
            let row = cx.memo_in_slot(&(), number, async |number, cx| {
                let is_wide = Slot(number).get::<i64>(cx).await == 1;
                let cell = cx.memo((), async |(), cx| {
                    let id = CallId::current();
                    (id.clone(), Clicks(id).get::<i64>(cx).await)
                });
                if is_wide { Some(cell.await) } else { None }
            });
            cells.extend(row.await);
        }
        cells
    }
    let (rt, _) = counted();
    let show = async || rt.query(async |cx| wide(&cx).await).await;
    set_rows(&rt, &[1, 2]).await;
    let old = rt.snapshot();
    put(&rt, 2, 1).await;
    let (id, _) = show().await.remove(0);
    click(&rt, &id, 5).await;
    // The list was used since, and the row that has changed was not.
    old.query(async |cx| wide(&cx).await).await;
    set_rows(&rt, &[1]).await;
    rt.collect_garbage(Collect::Unused { revisions: 1 });
    assert!(show().await.is_empty());
    let state = rt.query(async |cx| Clicks(id).get::<i64>(&cx).await);
    assert_eq!(state.await, 0);
}

#[tokio::test]
async fn an_id_from_before_an_eviction_is_known_as_dropped() {
    let rt = builder().resource(Counts::default());
    let rt = rt.memory_budget(50_000).build();
    set_rows(&rt, &[1, 2]).await;
    let before = show(&rt).await;
    for number in 0..2_000 {
        rt.query(async |cx| other(number, &cx).await).await;
    }
    let left = rt.graph().to_dot();
    assert!(!left.contains("row("), "{left}");
    set_rows(&rt, &[1]).await;
    show(&rt).await;
    click(&rt, &before[1].id, 9).await;
    assert_eq!(rt.stats().dropped_writes, 1);
    set_rows(&rt, &[1, 2]).await;
    assert_eq!(clicks(&show(&rt).await), [0, 0]);
}
