//! What is copied of a call, and what stays of its node when garbage is collected.

use std::cell::Cell;
use std::sync::{Arc, OnceLock, Weak};

use salvia::scope::CallId;
use salvia::{Collect, Event, Observer, QueryContext, Runtime, query};

use super::{Clicks, click, set_rows, show, shown};
use crate::kit::{Slot, builder, counted, put, ran};

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

/// Collects garbage whenever anything happens.
#[derive(Clone, Default)]
struct Eager(Arc<OnceLock<Weak<Runtime>>>);

impl Observer for Eager {
    fn event(&self, _: &Event) {
        if let Some(rt) = self.0.get().and_then(Weak::upgrade) {
            rt.collect_garbage(Collect::All);
        }
    }
}

/// It may go as soon as it has run, before its caller has it.
#[tokio::test]
async fn a_row_that_is_collected_while_its_list_runs_keeps_its_state() {
    #[query]
    async fn only(cx: &QueryContext) -> (CallId, i64) {
        let input: i64 = Slot(0).get(cx).await;
        let row = cx.memo_in_slot(&7, input, async |_, cx| {
            let id = CallId::current();
            (id.clone(), Clicks(id).get(cx).await)
        });
        row.await
    }
    let eager = Eager::default();
    let rt = builder().observer(eager.clone()).build();
    let (id, _) = rt.query(async |cx| only(&cx).await).await;
    click(&rt, &id, 5).await;
    let there = eager.0.set(Arc::downgrade(&rt));
    there.expect("it is set once");
    for input in 1..20 {
        put(&rt, 0, input).await;
        for _ in 0..2 {
            let (again, clicks) = rt.query(async |cx| only(&cx).await).await;
            assert_eq!((&again, clicks), (&id, 5), "at {input}");
        }
    }
}
