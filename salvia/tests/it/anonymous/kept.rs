//! What is copied of a call, and what stays of its node when garbage is collected.

use std::cell::Cell;
use std::sync::{Arc, Mutex, PoisonError};

use futures::FutureExt;
use salvia::scope::CallId;
use salvia::{Collect, QueryContext, Runtime, query};

use super::{Clicks, Rows, click, set_rows, show, shown};
use crate::kit::{Slot, boom, builder, counted, put, ran};

thread_local! {
    static CLONES: Cell<u32> = const { Cell::new(0) };
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Costly(i64);

impl Clone for Costly {
    fn clone(&self) -> Self {
        CLONES.set(CLONES.get() + 1);
        Costly(self.0)
    }
}

#[tokio::test]
async fn a_call_that_finds_its_node_copies_no_input() {
    #[query]
    async fn tens(cx: &QueryContext) -> i64 {
        ran(cx, "tens");
        let costly = Costly(Slot(0).get::<i64>(cx).await / 10);
        let tens = cx.memo((&costly, "a text"), async |(costly, _), cx| {
            ran(cx, "node");
            costly.0
        });
        tens.await
    }
    let rt = crate::kit::in_place("the copies are counted in this thread");
    let counts = crate::kit::Counts::default();
    let rt = rt.resource(counts.clone()).build();
    rt.query(async |cx| tens(&cx).await).await;
    CLONES.set(0);
    counts.take();
    for value in 1..10 {
        put(&rt, 0, value).await;
        assert_eq!(rt.query(async |cx| tens(&cx).await).await, 0);
    }
    assert_eq!(
        (counts.take(), CLONES.get()),
        (vec!["tens".to_owned(); 9], 0)
    );
    put(&rt, 0, 10).await;
    rt.query(async |cx| tens(&cx).await).await;
    assert!(CLONES.get() > 0, "another input is another node");
}

/// Nobody else says of such a node that it is not wanted.
#[tokio::test]
async fn a_node_of_a_root_stays_while_it_is_used_and_is_collected_when_it_is_not() {
    let (rt, counts) = counted();
    let ask = async |n: i64| {
        rt.query(async |cx| {
            let node = cx.memo(n, async |n, cx| {
                ran(cx, format!("node {n}"));
                n + Slot(0).get::<i64>(cx).await
            });
            node.await
        })
        .await
    };
    ask(1).await;
    ask(2).await;
    for round in 0..3 {
        put(&rt, 9, round + 1).await;
        ask(1).await;
        rt.collect_garbage(Collect::Unused { revisions: 1 });
    }
    assert_eq!(rt.stats().nodes, 1);
    counts.take();
    ask(1).await;
    ask(2).await;
    assert_eq!(counts.take(), ["node 2"]);
}

/// A list that is used needs what it was made from, to know when it has changed.
#[tokio::test]
async fn rows_stay_known_while_their_list_is_used_though_nobody_asks_for_them() {
    let (rt, counts, _) = shown(&[1, 2, 3]).await;
    for round in 0..3 {
        put(&rt, 9, round + 1).await;
        show(&rt).await;
        rt.collect_garbage(Collect::Unused { revisions: 1 });
    }
    assert_eq!(rt.stats().nodes, 4);
    assert!(counts.take().is_empty());
    put(&rt, 2, 7).await;
    assert_eq!(show(&rt).await[1].slot, 7);
    let ran = counts.take();
    assert!(ran.contains(&"row 2".to_owned()) && ran.contains(&"list".to_owned()));
    set_rows(&rt, &[]).await;
    show(&rt).await;
    assert_eq!(rt.stats().nodes, 1);
}

/// Nobody can subscribe to such a row, so it may go as soon as it has run.
#[tokio::test]
async fn rows_that_are_collected_beside_their_list_keep_their_state() {
    #[query]
    async fn volatile_list(cx: &QueryContext) -> Vec<(CallId, i64)> {
        let mut shown = Vec::new();
        let rows: Vec<u32> = Rows.get(cx).await;
        for number in rows {
            let row = cx.memo_in_slot(&number, number, async |_, cx| {
                cx.untracked();
                let id = CallId::current();
                (id.clone(), Clicks(id).get(cx).await)
            });
            shown.push(row.await);
        }
        shown
    }
    for budget in (100..6_000).step_by(100) {
        let rt = builder().memory_budget(budget).build();
        let show = async || rt.query(async |cx| volatile_list(&cx).await).await;
        set_rows(&rt, &[1, 2, 3, 4]).await;
        let (id, _) = show().await.remove(0);
        click(&rt, &id, 5).await;
        for rows in [&[1, 2, 3, 4][..], &[1, 2, 3, 4, 5]] {
            set_rows(&rt, rows).await;
            assert_eq!(show().await[0].1, 5, "within {budget}");
        }
        assert_eq!(rt.stats().dropped_writes, 0, "within {budget}");
    }
}

/// Collects garbage in the middle of the next run, if it is armed.
#[derive(Clone, Default)]
struct Collector(Arc<Mutex<Option<Arc<Runtime>>>>);

impl Collector {
    fn collect(&self) {
        let armed = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(rt) = armed {
            rt.collect_garbage(Collect::All);
        }
    }
}

/// What a run for an old revision has left out is settled by a later one, if that knows what it has called.
#[tokio::test]
async fn a_row_that_the_past_has_left_out_keeps_its_state_though_it_is_collected() {
    #[query]
    async fn collected_list(cx: &QueryContext) -> Vec<(CallId, i64)> {
        let mut shown = Vec::new();
        let rows: Vec<u32> = Rows.get(cx).await;
        for number in rows {
            let row = cx.memo_in_slot(&number, (), async |(), cx| {
                cx.untracked();
                let id = CallId::current();
                (id.clone(), Clicks(id).get(cx).await)
            });
            shown.push(row.await);
        }
        cx.resource::<Collector>().collect();
        shown
    }
    /// Has called something that is there, and a list of which that is not known.
    #[query]
    async fn page(cx: &QueryContext) -> Vec<(CallId, i64)> {
        let shown = collected_list(cx).await;
        cx.memo((), async |(), _cx| ()).await;
        shown
    }
    let collector = Collector::default();
    let rt = builder().resource(collector.clone()).build();
    let old = rt.snapshot();
    let show = async || rt.query(async |cx| page(&cx).await).await;
    set_rows(&rt, &[1]).await;
    let (id, _) = show().await.remove(0);
    click(&rt, &id, 5).await;
    show().await;
    rt.collect_garbage(Collect::All);
    let past = old.query(async |cx| collected_list(&cx).await);
    assert!(past.await.is_empty());
    *collector.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(rt.clone());
    for _ in 0..2 {
        assert_eq!(show().await, [(id.clone(), 5)]);
    }
    click(&rt, &id, 6).await;
    assert_eq!(show().await, [(id.clone(), 6)]);
    // And it goes when it is left out now.
    set_rows(&rt, &[]).await;
    show().await;
    set_rows(&rt, &[1]).await;
    assert_eq!(show().await, [(id, 0)]);
}

thread_local! {
    static IS_ARMED: Cell<bool> = const { Cell::new(false) };
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Hot(u32);

impl Drop for Hot {
    fn drop(&mut self) {
        if IS_ARMED.get() && !std::thread::panicking() {
            boom("drop of a slot");
        }
    }
}

/// The ids of rows that were dropped are often the last to hold their slots.
#[tokio::test]
async fn a_slot_whose_drop_panics_disturbs_nobody() {
    #[query]
    async fn hot_list(cx: &QueryContext) -> Vec<i64> {
        let mut shown = Vec::new();
        let rows: Vec<u32> = Rows.get(cx).await;
        for number in rows {
            let row = cx.memo_in_slot(&Hot(number), number, async |_, cx| {
                Clicks(CallId::current()).get(cx).await
            });
            shown.push(row.await);
        }
        shown
    }
    let (rt, _) = counted();
    let show = async || rt.query(async |cx| hot_list(&cx).await).await;
    set_rows(&rt, &[1, 2]).await;
    assert_eq!(show().await, [0, 0]);
    set_rows(&rt, &[]).await;
    IS_ARMED.set(true);
    let shown = std::panic::AssertUnwindSafe(show()).catch_unwind().await;
    IS_ARMED.set(false);
    assert_eq!(shown.expect("it is nobody's"), [0_i64; 0]);
    set_rows(&rt, &[1]).await;
    assert_eq!(show().await, [0]);
}
