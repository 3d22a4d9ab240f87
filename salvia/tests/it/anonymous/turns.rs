//! What of the user's runs while somebody has the writers' turn, and what it may do there: dropped rows are reset in it, garbage
//! is collected in it.

use std::cell::{Cell, RefCell};
use std::sync::{Arc, Mutex};

use futures::executor::block_on;
use futures::future::join_all;
use salvia::scope::CallId;
use salvia::{Collect, Input, InputAccess, QueryContext, Runtime, query};
use tokio::sync::oneshot;
use tokio::task::yield_now;

use super::{Rows, list};
use crate::kit::{Slot, counted, put, runtime, soon};

async fn set_rows(rt: &Arc<Runtime>, rows: &[u32]) {
    rt.mutate(async |cx| Rows.set(rows.to_vec(), &cx).await)
        .await;
}

/// Also when what a dropped row leaves is put off to the next turn.
#[tokio::test]
async fn mutations_run_in_the_order_of_their_first_polls() {
    soon(async {
        let (rt, _) = counted();
        set_rows(&rt, &[1, 2]).await;
        rt.query(async |cx| list(&cx).await).await;
        set_rows(&rt, &[1]).await;
        let (open, gate) = oneshot::channel::<()>();
        let parked = rt.clone();
        let parked = tokio::spawn(async move {
            parked
                .mutate(async |_| gate.await.expect("it is opened"))
                .await;
        });
        yield_now().await;
        let order = Arc::new(Mutex::new(Vec::new()));
        let mut queued = Vec::new();
        for name in ["A", "B", "C"] {
            let (rt, order) = (rt.clone(), order.clone());
            queued.push(tokio::spawn(async move {
                rt.mutate(async |_| order.lock().expect("no panic").push(name))
                    .await;
            }));
            yield_now().await;
        }
        rt.query(async |cx| list(&cx).await).await;
        open.send(()).expect("it waits");
        parked.await.expect("it ends");
        join_all(queued).await;
        assert_eq!(*order.lock().expect("no panic"), ["A", "B", "C"]);
    })
    .await;
}

thread_local! {
    /// What the next drop of a [`Hooked`] does first.
    static ON_DROP: RefCell<Option<Box<dyn FnOnce()>>> = const { RefCell::new(None) };
    /// Whether comparing the number 13 panics.
    static IS_TOUCHY: Cell<bool> = const { Cell::new(false) };
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Hooked(i64);

impl Drop for Hooked {
    fn drop(&mut self) {
        if let Some(first) = ON_DROP.take() {
            first();
        }
    }
}

fn mutate_on_drop(rt: &Arc<Runtime>) {
    let other = rt.clone();
    ON_DROP.set(Some(Box::new(move || block_on(put(&other, 1, 1)))));
}

#[query]
async fn of_key(key: Hooked, _cx: &QueryContext) -> i64 {
    key.0
}

#[tokio::test]
async fn a_key_that_mutates_when_it_is_collected_keeps_nothing_waiting() {
    soon(async {
        let rt = runtime();
        rt.query(async |cx| of_key(Hooked(1), &cx).await).await;
        mutate_on_drop(&rt);
        rt.collect_garbage(Collect::All);
        put(&rt, 2, 2).await;
    })
    .await;
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, InputAccess)]
struct Hooks(CallId);

impl Input<Hooked> for Hooks {
    fn initial(&self) -> Hooked {
        Hooked(0)
    }
}

#[query]
async fn hooked_list(cx: &QueryContext) -> Vec<u32> {
    let rows: Vec<u32> = Rows.get(cx).await;
    let rows = rows.iter().map(|number| {
        cx.memo_in_slot(number, *number, async |number, cx| {
            let _: Hooked = Hooks(CallId::current()).get(cx).await;
            number
        })
    });
    join_all(rows.collect::<Vec<_>>()).await
}

#[tokio::test]
async fn an_initial_value_that_mutates_when_it_is_dropped_keeps_nothing_waiting() {
    soon(async {
        let rt = runtime();
        set_rows(&rt, &[1, 2]).await;
        rt.query(async |cx| hooked_list(&cx).await).await;
        set_rows(&rt, &[1]).await;
        mutate_on_drop(&rt);
        rt.query(async |cx| hooked_list(&cx).await).await;
        put(&rt, 2, 2).await;
    })
    .await;
}

#[derive(Clone, Debug, Eq)]
struct Touchy(i64);

impl PartialEq for Touchy {
    fn eq(&self, other: &Self) -> bool {
        let is_unlucky = self.0 == 13 || other.0 == 13;
        assert!(!(IS_TOUCHY.get() && is_unlucky), "unlucky");
        self.0 == other.0
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, InputAccess)]
struct Touch(CallId);

impl Input<Touchy> for Touch {
    fn initial(&self) -> Touchy {
        Touchy(0)
    }
}

#[query]
async fn touchy_list(cx: &QueryContext) -> Vec<(CallId, i64)> {
    let rows: Vec<u32> = Rows.get(cx).await;
    let rows = rows.iter().map(|number| {
        cx.memo_in_slot(number, *number, async |_, cx| {
            let id = CallId::current();
            let state: Touchy = Touch(id.clone()).get(cx).await;
            (id, state.0)
        })
    });
    join_all(rows.collect::<Vec<_>>()).await
}

#[tokio::test]
async fn a_value_that_cannot_be_compared_keeps_no_other_row_from_its_reset() {
    soon(async {
        let rt = runtime();
        set_rows(&rt, &[1, 2]).await;
        let ask = async || rt.query(async |cx| touchy_list(&cx).await).await;
        let rows = ask().await;
        rt.mutate(async |cx| {
            for ((id, _), state) in rows.into_iter().zip([13, 7]) {
                Touch(id).set(Touchy(state), &cx).await;
            }
        })
        .await;
        ask().await;
        set_rows(&rt, &[]).await;
        IS_TOUCHY.set(true);
        ask().await;
        IS_TOUCHY.set(false);
        set_rows(&rt, &[1, 2]).await;
        let back: Vec<i64> = ask().await.into_iter().map(|(_, state)| state).collect();
        assert_eq!(back, [0, 0]);
    })
    .await;
}

struct Guard(Arc<Runtime>);

impl Drop for Guard {
    fn drop(&mut self) {
        block_on(put(&self.0, 1, 1));
    }
}

#[tokio::test]
async fn what_a_cancelled_mutation_held_may_mutate() {
    soon(async {
        let rt = runtime();
        let other = rt.clone();
        {
            let mutation = rt.mutate(async move |_| {
                let _guard = Guard(other);
                std::future::pending::<()>().await;
            });
            let mut mutation = std::pin::pin!(mutation);
            assert!(futures::poll!(mutation.as_mut()).is_pending());
        }
        let found = rt.query(async |cx| Slot(1).get(&cx).await);
        let found: i64 = found.await;
        assert_eq!(found, 1);
    })
    .await;
}
