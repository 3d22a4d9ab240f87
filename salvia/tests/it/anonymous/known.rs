//! Ids that were taken before their nodes were collected: who has one is told the same as who takes it now.

use salvia::{Collect, QueryContext, query};

use super::{click, clicks, set_rows, show, shown};
use crate::kit::{Counts, builder};

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
