//! Lists of many rows that are dropped at once: other tasks go on meanwhile, and the next mutation finds all done.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use salvia::scope::CallId;
use salvia::{QueryContext, Runtime, query};
use tokio::task::{LocalSet, yield_now};

use super::{Clicks, Rows, click, set_rows};
use crate::kit::runtime;

const MANY: u32 = 6_000;

/// So many turns a task beside a sweep of all of them gets at least.
const TURNS: u32 = 5;

#[query]
async fn long(cx: &QueryContext) -> Vec<(CallId, i64)> {
    let rows: Vec<u32> = Rows.get(cx).await;
    let mut shown = Vec::new();
    for number in rows {
        let row = cx.memo_in_slot(&number, (), async |(), cx| {
            let id = CallId::current();
            (id.clone(), Clicks(id).get(cx).await)
        });
        shown.push(row.await);
    }
    shown
}

async fn show(rt: &Arc<Runtime>) -> Vec<(CallId, i64)> {
    rt.query(async |cx| long(&cx).await).await
}

/// A long list whose rows have all been clicked, after they were deleted and the list has run without them.
async fn deleted() -> (Arc<Runtime>, Vec<CallId>) {
    let rt = runtime();
    let rows: Vec<u32> = (0..MANY).collect();
    set_rows(&rt, &rows).await;
    let ids: Vec<CallId> = show(&rt).await.into_iter().map(|(id, _)| id).collect();
    rt.mutate(async |cx| {
        for id in &ids {
            Clicks(id.clone()).set(5, &cx).await;
        }
    })
    .await;
    show(&rt).await;
    set_rows(&rt, &[]).await;
    assert!(show(&rt).await.is_empty());
    (rt, ids)
}

/// Counts the turns of a task of this thread.
fn turns() -> Rc<Cell<u32>> {
    let turns = Rc::new(Cell::new(0));
    let counted = turns.clone();
    tokio::task::spawn_local(async move {
        while Rc::strong_count(&counted) > 1 {
            counted.set(counted.get() + 1);
            yield_now().await;
        }
    });
    turns
}

fn alone(test: impl Future<Output = ()>) {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let tokio = builder.enable_all().build().expect("it can be built");
    LocalSet::new().block_on(&tokio, test);
}

#[test]
fn other_tasks_have_their_turns_while_many_rows_are_dropped() {
    alone(async {
        let (rt, ids) = deleted().await;
        let turns = turns();
        // The sweep has the writers' turn first.
        click(&rt, &ids[7], 9).await;
        assert!(turns.get() >= TURNS, "{}", turns.get());
        assert_eq!(rt.stats().dropped_writes, 1);
        assert_eq!((rt.stats().nodes, rt.stats().inputs), (1, 1));
    });
}

#[test]
fn rows_that_are_back_at_once_start_at_their_initial_state() {
    alone(async {
        let (rt, ids) = deleted().await;
        let rows: Vec<u32> = (0..MANY).collect();
        set_rows(&rt, &rows).await;
        let back = show(&rt).await;
        assert!(back.iter().all(|(_, clicks)| *clicks == 0));
        assert!(back.iter().map(|(id, _)| id).eq(&ids));
    });
}

/// Whoever wants the turn may leave in the middle of what was to be done before.
#[test]
fn a_mutation_that_is_dropped_half_way_through_a_sweep_leaves_the_rest_to_the_next() {
    alone(async {
        for polls in 1..100 {
            let (rt, ids) = deleted().await;
            {
                let mut mutation = Box::pin(click(&rt, &ids[7], 9));
                for _ in 0..polls {
                    if futures::poll!(&mut mutation).is_ready() {
                        return assert!(polls > TURNS, "{polls}");
                    }
                    yield_now().await;
                }
            }
            click(&rt, &ids[7], 9).await;
            assert_eq!(rt.stats().dropped_writes, 1);
            assert_eq!((rt.stats().nodes, rt.stats().inputs), (1, 1));
        }
        panic!("a mutation waits for ever");
    });
}

/// If nobody writes it is done all the same.
#[test]
fn many_rows_go_though_nobody_wants_the_turn() {
    alone(async {
        let (rt, _) = deleted().await;
        let mut turns = 0;
        while rt.stats().inputs > 1 {
            yield_now().await;
            turns += 1;
            assert!(turns < 100_000, "nobody goes on");
        }
        assert!(turns >= TURNS, "{turns}");
        assert_eq!(rt.stats().nodes, 1);
    });
}
