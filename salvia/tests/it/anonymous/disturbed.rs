//! Anonymous nodes when a run fails, is dropped, is at an old revision, or is not the only one.

use std::sync::Arc;

use salvia::scope::CallId;
use salvia::{QueryContext, query};

use super::{Clicks, Rows, click, clicks, list, numbers, set_rows, show, show_at, shown};
use crate::kit::{Slot, boom, counted, gated, panic_text, pass, put, ran, soon};

/// A list that comes to an end only if slot 0 says so: 1 panics, 2 waits at the gate.
#[query]
async fn fragile(cx: &QueryContext) -> Vec<(CallId, i64)> {
    let rows: Vec<u32> = Rows.get(cx).await;
    let mut shown = Vec::new();
    for number in rows {
        let row = cx.memo_in_slot(&number, number, async |number, cx| {
            ran(cx, format!("row {number}"));
            let id = CallId::current();
            (id.clone(), Clicks(id).get::<i64>(cx).await)
        });
        shown.push(row.await);
    }
    match Slot(0).get::<i64>(cx).await {
        1 => boom("no end"),
        2 => pass(cx).await,
        _ => {}
    }
    shown
}

#[tokio::test]
async fn a_parent_that_panics_drops_nothing() {
    let (rt, counts) = counted();
    let ask = async || rt.query(async |cx| fragile(&cx).await).await;
    set_rows(&rt, &[1, 2]).await;
    let before = ask().await;
    click(&rt, &before[1].0, 5).await;
    ask().await;
    counts.take();
    rt.mutate(async |cx| {
        Rows.set(vec![3], &cx).await;
        Slot(0).set(1, &cx).await;
    })
    .await;
    assert!(panic_text(ask()).await.contains("no end"));
    assert_eq!(counts.take(), ["row 3"]);
    assert_eq!((rt.stats().nodes, rt.stats().inputs), (4, 5));
    rt.mutate(async |cx| {
        Rows.set(vec![2], &cx).await;
        Slot(0).set(0, &cx).await;
    })
    .await;
    assert_eq!(ask().await[0].1, 5, "nothing was reset");
    assert!(counts.take().is_empty(), "nothing was dropped");
    assert_eq!((rt.stats().nodes, rt.stats().inputs), (2, 3), "now it was");
}

#[tokio::test]
async fn a_parent_that_is_dropped_drops_nothing() {
    soon(async {
        let (rt, counts, gate) = gated();
        set_rows(&rt, &[1, 2]).await;
        let before = rt.query(async |cx| fragile(&cx).await).await;
        click(&rt, &before[1].0, 5).await;
        rt.query(async |cx| fragile(&cx).await).await;
        counts.take();
        rt.mutate(async |cx| {
            Rows.set(vec![], &cx).await;
            Slot(0).set(2, &cx).await;
        })
        .await;
        let asking = tokio::spawn({
            let rt = rt.clone();
            async move { rt.query(async |cx| fragile(&cx).await).await }
        });
        gate.entered().await;
        asking.abort();
        assert!(asking.await.is_err());
        rt.mutate(async |cx| {
            Rows.set(vec![2], &cx).await;
            Slot(0).set(0, &cx).await;
        })
        .await;
        let after = rt.query(async |cx| fragile(&cx).await).await;
        assert_eq!(after, [(before[1].0.clone(), 5)]);
        assert!(counts.take().is_empty());
    })
    .await;
}

/// Checked and found right is not run: nothing was called, and everything is still wanted.
#[tokio::test]
async fn a_parent_that_is_only_validated_drops_nothing() {
    #[query]
    async fn rounded(cx: &QueryContext) -> i64 {
        Slot(9).get::<i64>(cx).await / 10
    }
    #[query]
    async fn parent(cx: &QueryContext) -> i64 {
        ran(cx, "parent");
        let tens = rounded(cx).await;
        tens + cx
            .memo(tens, async |tens, cx| {
                ran(cx, "node");
                tens
            })
            .await
    }
    let (rt, counts) = counted();
    for value in [1, 2, 3] {
        put(&rt, 9, value).await;
        assert_eq!(rt.query(async |cx| parent(&cx).await).await, 0);
    }
    assert_eq!(counts.take(), ["node", "parent"]);
    assert_eq!(rt.stats().nodes, 3);
}

#[tokio::test]
async fn a_snapshot_goes_on_to_see_what_was_dropped_since() {
    let (rt, counts, before) = shown(&[1, 2]).await;
    click(&rt, &before[1].id, 5).await;
    let old = rt.snapshot();
    set_rows(&rt, &[1]).await;
    show(&rt).await;
    counts.take();
    // Nobody had looked at that revision.
    let rows = show_at(&old).await;
    assert_eq!((numbers(&rows), clicks(&rows)), (vec![1, 2], vec![0, 5]));
    show_at(&old).await;
    assert_eq!(counts.take(), ["list", "row 2"]);
    assert_eq!(numbers(&show(&rt).await), [1]);
    assert!(counts.take().is_empty());
    drop(old);
    set_rows(&rt, &[1, 2]).await;
    assert_eq!(clicks(&show(&rt).await), [0, 0]);
}

/// An old revision says nothing of what is there now.
#[tokio::test]
async fn a_run_for_an_old_snapshot_resets_nothing() {
    let (rt, _) = counted();
    let old = rt.snapshot();
    set_rows(&rt, &[1]).await;
    let rows = show(&rt).await;
    click(&rt, &rows[0].id, 5).await;
    show(&rt).await;
    assert!(show_at(&old).await.is_empty());
    assert_eq!(clicks(&show(&rt).await), [5]);
    // Also if it is the only run that is known.
    let newer = rt.snapshot();
    rt.collect_garbage(salvia::Collect::All);
    put(&rt, 1, 1).await;
    assert!(show_at(&old).await.is_empty());
    assert_eq!(clicks(&show_at(&newer).await), [5]);
    assert_eq!(clicks(&show(&rt).await), [5]);
}

/// A row may be as it was while the list is not: what the row calls now, the past does not know.
#[tokio::test]
async fn a_run_for_an_old_snapshot_resets_nothing_below_a_row_that_is_as_it_was() {
    #[query]
    async fn wide(cx: &QueryContext) -> Vec<(CallId, i64)> {
        let rows: Vec<u32> = Rows.get(cx).await;
        let mut cells = Vec::new();
        for number in rows {
            let row = cx.memo_in_slot(&0, number, async |number, cx| {
                let mut cells = Vec::new();
                for column in 0..number {
                    let cell = cx.memo_in_slot(&column, (), async |(), cx| {
                        let id = CallId::current();
                        (id.clone(), Clicks(id).get::<i64>(cx).await)
                    });
                    cells.push(cell.await);
                }
                cells
            });
            cells.extend(row.await);
        }
        cells
    }
    let (rt, _) = counted();
    let states = |cells: Vec<(CallId, i64)>| cells.into_iter().map(|(_, clicks)| clicks);
    set_rows(&rt, &[1]).await;
    let cells = rt.query(async |cx| wide(&cx).await).await;
    click(&rt, &cells[0].0, 5).await;
    // For a moment it has no cell, which nobody sees but a snapshot.
    set_rows(&rt, &[0]).await;
    let old = rt.snapshot();
    set_rows(&rt, &[1]).await;
    rt.collect_garbage(salvia::Collect::All);
    assert!(old.query(async |cx| wide(&cx).await).await.is_empty());
    let now = rt.query(async |cx| wide(&cx).await).await;
    assert!(states(now).eq([5]));
}

#[tokio::test]
async fn a_failing_node_fails_its_parent_and_runs_again_next_time() {
    #[query]
    async fn parent(cx: &QueryContext) -> i64 {
        let half = cx.memo((), async |(), cx| {
            let value: i64 = Slot(0).get(cx).await;
            if value % 2 == 1 {
                boom("odd");
            }
            value / 2
        });
        half.await
    }
    let (rt, _) = counted();
    put(&rt, 0, 3).await;
    let error = rt.try_query(async |cx| parent(&cx).await).await;
    let text = error.expect_err("it panicked").to_string();
    assert!(text.contains("{closure}") && text.contains("odd"), "{text}");
    put(&rt, 0, 8).await;
    assert_eq!(rt.query(async |cx| parent(&cx).await).await, 4);
}

#[tokio::test]
async fn a_failure_of_a_node_can_be_handled_beside_the_others() {
    #[query]
    async fn halves(cx: &QueryContext) -> Vec<Option<i64>> {
        let rows: Vec<u32> = Rows.get(cx).await;
        let mut halves = Vec::new();
        for number in rows {
            let half = cx.memo_in_slot(&number, number, async |number, cx| {
                ran(cx, format!("half {number}"));
                if number % 2 == 1 {
                    boom("odd");
                }
                i64::from(number / 2)
            });
            halves.push(half.catch().await.ok());
        }
        halves
    }
    let (rt, counts) = counted();
    let ask = async || rt.query(async |cx| halves(&cx).await).await;
    set_rows(&rt, &[2, 3]).await;
    assert_eq!(ask().await, [Some(1), None]);
    assert_eq!(ask().await, [Some(1), None]);
    // What failed is not stored, and neither is what handled it; the other node is.
    assert_eq!(counts.take(), ["half 2", "half 3", "half 3"]);
}

/// The body may be used by other threads; they are outside of any call, and their nodes are the body's all the same.
#[tokio::test]
async fn what_other_threads_call_through_the_context_belongs_to_the_body() {
    #[query]
    async fn spread(of: i64, cx: &QueryContext) -> Vec<CallId> {
        let on_thread = || {
            std::thread::scope(|scope| {
                let asking = scope.spawn(|| {
                    let node = cx.memo(of, async |_, _cx| CallId::current());
                    futures::executor::block_on(node)
                });
                asking.join().expect("it has its answer")
            })
        };
        vec![on_thread()]
    }
    let rt = crate::kit::in_place("the body blocks the only thread").build();
    let ids = rt.query(async |cx| (spread(1, &cx).await, spread(2, &cx).await));
    let (one, two) = ids.await;
    assert_ne!(one, two, "each body has its own");
    assert_eq!(rt.stats().nodes, 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn readers_and_writers_at_once_see_one_revision_each() {
    let (rt, _, _) = shown(&[0]).await;
    let writer = tokio::spawn({
        let rt = rt.clone();
        async move {
            for round in 0..200_u32 {
                rt.mutate(async |cx| {
                    Rows.set((0..round % 7).collect(), &cx).await;
                    Slot(round % 7).set(round.into(), &cx).await;
                })
                .await;
                tokio::task::yield_now().await;
            }
        }
    });
    let readers = (0..3).map(|_| {
        let rt = rt.clone();
        tokio::spawn(async move {
            for _ in 0..200 {
                rt.query(async |cx| {
                    let expected: Vec<u32> = Rows.get(&cx).await;
                    let rows = list(&cx).await;
                    assert_eq!(numbers(&rows), expected);
                    for row in rows {
                        assert_eq!(row.slot, Slot(row.number).get::<i64>(&cx).await);
                    }
                })
                .await;
            }
        })
    });
    for reader in readers.collect::<Vec<_>>() {
        reader.await.expect("it saw one revision each time");
    }
    writer.await.expect("it wrote");
    set_rows(&rt, &[]).await;
    assert!(show(&rt).await.is_empty());
    assert_eq!(rt.stats().nodes, 1);
    assert_eq!(Arc::strong_count(&rt), 1);
}
