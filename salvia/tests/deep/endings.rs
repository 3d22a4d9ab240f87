//! How a deep chain ends: dropped at rest and at work, failed, found to be a cycle.

use std::sync::Arc;

use salvia::{QueryContext, QueryErrorKind, Runtime, query};

use crate::child::{Lap, in_a_child};
use crate::kit::{Gate, Live, Slot, Tracked, boom, builder, pass, put};
use crate::{Runs, counted, depth};

/// Counts keys, and with them the inputs' hosts.
struct Keys(Live);
/// Counts values, and what bodies hold.
struct Values(Live);

/// A chain whose keys and values are counted.
#[query]
async fn tracked(at: Tracked, cx: &QueryContext) -> Tracked {
    let (keys, values) = (cx.resource::<Keys>(), cx.resource::<Values>());
    let here = values.0.token();
    let value = match at.0 {
        0 => Slot(0).get(cx).await as u64,
        n => tracked(Tracked::new(n - 1, &keys.0), cx).await.0 + 1,
    };
    drop(here);
    Tracked::new(value, &values.0)
}

/// Waits until nothing is alive, as long as it takes.
async fn is_empty(live: &Live) {
    while live.count() > 0 {
        tokio::task::yield_now().await;
    }
}

#[test]
fn a_deep_graph_is_dropped_with_its_runtime() {
    in_a_child(|| async {
        let (keys, values) = (Live::default(), Live::default());
        let counted = builder().resource(Keys(keys.clone()));
        let rt = counted.resource(Values(values.clone())).build();
        let (top, all) = (u64::from(depth()), depth() as usize + 1);
        for edit in 0..2 {
            put(&rt, 0, edit).await;
            let key = Tracked::new(top, &keys);
            let value = rt.query(|cx| async move { tracked(key, &cx).await.0 });
            assert_eq!(value.await, top + edit as u64);
            assert!(keys.count() >= all && values.count() >= all, "all is kept");
        }
        let mut lap = Lap::begin();
        drop(rt);
        is_empty(&keys).await;
        is_empty(&values).await;
        lap.end("dropped");
    });
}

/// Waits at its bottom. What a body holds is counted.
#[query]
async fn parked(n: u32, cx: &QueryContext) -> i64 {
    Runs::note(cx);
    let _here = cx.resource::<Live>().token();
    match n {
        0 => {
            pass(cx).await;
            Slot(0).get(cx).await
        }
        n => parked(n - 1, cx).await + 1,
    }
}

/// A runtime, its counters and gate, and the asking task; every body of the chain waits.
async fn at_work() -> (
    Arc<Runtime>,
    Runs,
    Live,
    Gate,
    tokio::task::JoinHandle<bool>,
) {
    let (runs, live, gate) = (Runs::default(), Live::default(), Gate::default());
    let builder = builder().resource(runs.clone()).resource(live.clone());
    let rt = builder.resource(gate.clone()).build();
    let snapshot = rt.snapshot();
    let asking = tokio::spawn(async move {
        let value = snapshot.query(|cx| async move { parked(depth(), &cx).await });
        value.await == i64::from(depth())
    });
    gate.entered().await;
    assert_eq!(
        (runs.take(), live.count()),
        (depth() as usize + 1, depth() as usize + 1)
    );
    (rt, runs, live, gate, asking)
}

#[test]
fn a_deep_chain_waits_for_its_bottom() {
    in_a_child(|| async {
        let (rt, runs, live, gate, asking) = at_work().await;
        let mut lap = Lap::begin();
        gate.open();
        assert!(asking.await.expect("it has its answer"));
        lap.end("went on");
        assert_eq!(runs.take(), 0);
        is_empty(&live).await;
        drop(rt);
    });
}

/// With the last handle gone the tasks of a chain at work end, and nothing is left of its bodies.
#[test]
fn a_deep_chain_at_work_is_dropped_with_its_runtime() {
    in_a_child(|| async {
        let (rt, _, live, _gate, asking) = at_work().await;
        let mut lap = Lap::begin();
        asking.abort();
        let _ = asking.await;
        drop(rt);
        is_empty(&live).await;
        lap.end("dropped");
    });
}

#[test]
fn a_deep_chain_at_work_ends_at_a_shutdown() {
    in_a_child(|| async {
        let (rt, _, live, _gate, asking) = at_work().await;
        let mut lap = Lap::begin();
        rt.shutdown().await;
        lap.end("shut down");
        assert_eq!(live.count(), 0);
        assert!(asking.await.is_err(), "who waits is told by a panic");
    });
}

/// Gives way at the bottom as long as the input says so.
#[query]
async fn fragile(n: u32, cx: &QueryContext) -> i64 {
    Runs::note(cx);
    if n == 0 {
        let value: i64 = Slot(0).get(cx).await;
        if value == 0 {
            boom("the bottom gives way");
        }
        return value;
    }
    fragile(n - 1, cx).await
}

/// Past every body, each of which ran once; and nothing of it is kept.
#[test]
fn a_failure_travels_up_a_deep_chain() {
    in_a_child(|| async {
        let (rt, runs) = counted();
        let all = depth() as usize + 1;
        let ask = |cx: QueryContext| async move { fragile(depth(), &cx).await };
        for _ in 0..2 {
            let mut lap = Lap::begin();
            let error = rt.try_query(ask).await.expect_err("slot 0 is zero");
            lap.end("failed");
            assert_eq!((error.query(), runs.take()), ("fragile(0)", all));
            let panicked = matches!(error.kind(), QueryErrorKind::Panicked { message, .. } if message == "the bottom gives way");
            assert!(panicked, "{error}");
        }
        put(&rt, 0, 3).await;
        assert_eq!((rt.try_query(ask).await.ok(), runs.take()), (Some(3), all));
        // Once more, now that every node has a memo to check.
        put(&rt, 0, 0).await;
        let error = rt.try_query(ask).await.expect_err("slot 0 is zero");
        assert_eq!((error.query(), runs.take()), ("fragile(0)", all));
    });
}

/// A body at the top handles what the bottom did.
#[test]
fn a_failure_is_handled_at_the_top_of_a_deep_chain() {
    #[query]
    async fn forgiving(cx: &QueryContext) -> i64 {
        fragile(depth(), cx).catch().await.unwrap_or(-1)
    }
    in_a_child(|| async {
        let (rt, runs) = counted();
        let ask = |cx: QueryContext| async move { forgiving(&cx).await };
        let all = depth() as usize + 1;
        assert_eq!((rt.query(ask).await, runs.take()), (-1, all));
        put(&rt, 0, 3).await;
        assert_eq!((rt.query(ask).await, runs.take()), (3, all));
    });
}

/// The bottom asks for the top while the input says so: the report names every link, in order.
#[query]
async fn ring(n: u32, cx: &QueryContext) -> i64 {
    Runs::note(cx);
    match n {
        0 if Slot(0).get(cx).await == 0 => ring(depth(), cx).await,
        0 => 0,
        n => ring(n - 1, cx).await,
    }
}

#[test]
fn a_deep_cycle_is_reported_whole() {
    in_a_child(|| async {
        let (rt, runs) = counted();
        let all = depth() as usize + 1;
        let ask = |cx: QueryContext| async move { ring(depth(), &cx).await };
        let mut lap = Lap::begin();
        let error = rt.try_query(ask).await.expect_err("it never ends");
        lap.end("reported");
        assert_eq!(runs.take(), all);
        let QueryErrorKind::Cycle { participants, .. } = error.kind() else {
            panic!("another error: {:.200}", error.to_string());
        };
        assert_eq!(participants.len(), all);
        // From the one that closed it round to the first, each asking for the next.
        let order = std::iter::once(0).chain((1..=depth()).rev());
        let wrong = participants
            .iter()
            .zip(order)
            .find(|(name, n)| **name != format!("ring({n})"));
        assert_eq!(wrong, None);
        assert!(error.to_string().len() > 8 * all);
    });
}

/// The same where every link has a memo, so that checks close the cycle first. Each check on it that is given up makes its body
/// ask, and each of those looks for the whole cycle again: time grows with the square of the depth, so it is a short one.
#[test]
fn a_cycle_of_links_that_were_computed_is_reported_whole() {
    let top = || depth().min(2_000);
    #[query]
    async fn circle(n: u32, top: u32, cx: &QueryContext) -> i64 {
        Runs::note(cx);
        match n {
            0 if Slot(0).get(cx).await == 0 => circle(top, top, cx).await,
            0 => 0,
            n => circle(n - 1, top, cx).await,
        }
    }
    in_a_child(move || async move {
        let (rt, runs) = counted();
        let all = top() as usize + 1;
        let ask = |cx: QueryContext| async move { circle(top(), top(), &cx).await };
        put(&rt, 0, 1).await;
        assert_eq!((rt.try_query(ask).await.ok(), runs.take()), (Some(0), all));
        put(&rt, 0, 0).await;
        let mut lap = Lap::begin();
        let error = rt.try_query(ask).await.expect_err("it never ends");
        lap.end("reported");
        assert_eq!(runs.take(), all);
        assert!(
            matches!(error.kind(), QueryErrorKind::Cycle { participants, .. } if participants.len() == all)
        );
    });
}
