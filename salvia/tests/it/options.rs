//! The options of `#[query(..)]`: a value on a cycle, a task of its own, an end without a caller; and a runtime that gives
//! every update a task.

use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use salvia::{QueryContext, Runtime, Scheduling, query};
use tokio::time::{sleep, timeout};

use crate::kit::{Counts, Gate, Live, Slot, builder, counted, gated, pass, put, ran, soon, within};

/// Asks a runtime for one query.
macro_rules! ask {
    ($rt:expr, $call:ident($($argument:expr),*)) => {
        $rt.query(async |cx| $call($($argument,)* &cx).await).await
    };
}

mod cycles;

/// The task that runs a body.
fn here() -> Option<String> {
    tokio::task::try_id().map(|id| id.to_string())
}

#[query(spawn)]
async fn in_a_task(cx: &QueryContext) -> Option<String> {
    ran(cx, "in_a_task");
    let _: i64 = Slot(1).get(cx).await;
    here()
}

#[query]
async fn plain(n: u8, cx: &QueryContext) -> Vec<Option<String>> {
    ran(cx, "plain");
    let _: i64 = Slot(1).get(cx).await;
    match n {
        0 => vec![here()],
        n => [vec![here()], plain(n - 1, cx).await].concat(),
    }
}

/// A body with `spawn` runs in a task of its own, every time; a hit is had without one.
#[tokio::test]
async fn a_spawned_query_runs_in_a_task_of_its_own() {
    soon(async {
        let (rt, counts) = counted();
        let asking = tokio::spawn(async move {
            let mut seen = vec![here()];
            for value in 1..=3 {
                let there = ask!(rt, in_a_task());
                assert!(
                    there.is_some() && !seen.contains(&there),
                    "{seen:?} {there:?}"
                );
                // A hit takes no task, and so no await.
                let hit = rt.query(async |cx| in_a_task(&cx).await);
                assert_eq!(hit.now_or_never(), Some(there.clone()));
                seen.push(there);
                put(&rt, 1, value).await;
            }
        });
        asking.await.expect("each in its own");
        assert_eq!(counts.of("in_a_task"), 3);
    })
    .await;
}

/// With a task for each node every body runs in one of its own; a hit does not.
#[tokio::test]
async fn a_task_per_node_is_a_task_for_every_body() {
    soon(async {
        let counts = Counts::default();
        let builder = builder().resource(counts.clone());
        let rt = builder.scheduling(Scheduling::TaskPerNode).build();
        let asking = tokio::spawn(async move {
            for value in 1..=3 {
                let mut tasks = ask!(rt, plain(20));
                tasks.push(here());
                tasks.sort();
                tasks.dedup();
                assert_eq!(tasks.len(), 22, "{tasks:?}");
                let hit = rt.query(async |cx| plain(20, &cx).await.len());
                assert_eq!(hit.now_or_never(), Some(21));
                put(&rt, 1, value).await;
            }
        });
        asking.await.expect("each in its own");
        assert_eq!(counts.of("plain"), 63);
    })
    .await;
}

#[query(detached)]
async fn lasting(cx: &QueryContext) -> i64 {
    ran(cx, "lasting begins");
    let _alive = cx.resource::<Live>().token();
    let value = needed(cx).await;
    ran(cx, "lasting ends");
    value
}

#[query]
async fn passing(cx: &QueryContext) -> i64 {
    ran(cx, "passing begins");
    let _alive = cx.resource::<Live>().token();
    let value = needed(cx).await;
    ran(cx, "passing ends");
    value
}

/// What both wait for; its gate is the test's.
#[query]
async fn needed(cx: &QueryContext) -> i64 {
    ran(cx, "needed begins");
    let _alive = cx.resource::<Live>().token();
    pass(cx).await;
    ran(cx, "needed ends");
    4
}

fn watched() -> (Arc<Runtime>, Counts, Gate, Live) {
    let (counts, gate, live) = (Counts::default(), Gate::default(), Live::default());
    let builder = builder().resource(counts.clone());
    let builder = builder.resource(gate.clone()).resource(live.clone());
    (builder.build(), counts, gate, live)
}

/// Asks, and gives up when the innermost body has come to the gate.
macro_rules! give_up {
    ($rt:expr, $gate:expr, $call:ident()) => {
        tokio::select! {
            biased;
            _ = $rt.query(async |cx| $call(&cx).await) => panic!("the gate is closed"),
            () = $gate.entered() => {}
        }
    };
}

/// A detached query runs to its end although its caller is gone, with what it needs, and its value is kept.
#[tokio::test(start_paused = true)]
async fn a_detached_query_outlives_its_caller() {
    within(10_000, async {
        let (rt, counts, gate, live) = watched();
        give_up!(rt, gate, lasting());
        sleep(Duration::from_secs(1000)).await;
        assert_eq!(live.count(), 2);
        gate.open();
        sleep(Duration::from_millis(1)).await;
        let all = [
            "lasting begins",
            "lasting ends",
            "needed begins",
            "needed ends",
        ];
        assert_eq!(counts.take(), all);
        assert_eq!(live.count(), 0);
        assert_eq!(ask!(rt, lasting()), 4);
        assert!(counts.take().is_empty());
    })
    .await;
}

/// A query nobody waits for is dropped after a while, with what only it needs; the next request runs both again.
#[tokio::test(start_paused = true)]
async fn a_query_nobody_waits_for_is_dropped_after_a_while() {
    within(10_000, async {
        let (rt, counts, gate, live) = watched();
        give_up!(rt, gate, passing());
        sleep(Duration::from_millis(1)).await;
        assert_eq!(live.count(), 2, "at once would be too soon");
        sleep(Duration::from_secs(30)).await;
        assert_eq!(live.count(), 0);
        gate.open();
        sleep(Duration::from_secs(1)).await;
        assert_eq!(counts.take(), ["needed begins", "passing begins"]);

        assert_eq!(ask!(rt, passing()), 4);
        let all = [
            "needed begins",
            "needed ends",
            "passing begins",
            "passing ends",
        ];
        assert_eq!(counts.take(), all);
    })
    .await;
}

/// What somebody else waits for stays when one of those who asked has gone.
#[tokio::test(start_paused = true)]
async fn a_query_somebody_waits_for_is_kept() {
    within(10_000, async {
        let (rt, counts, gate, live) = watched();
        let other = tokio::spawn({
            let rt = rt.clone();
            async move { ask!(rt, needed()) }
        });
        gate.entered().await;
        let asking = rt.query(async |cx| passing(&cx).await);
        assert!(timeout(Duration::from_millis(5), asking).await.is_err());
        sleep(Duration::from_secs(1000)).await;
        assert_eq!(live.count(), 1, "`passing` has gone, `needed` has not");
        gate.open();
        assert_eq!(other.await.expect("it was waited for"), 4);
        assert_eq!(
            counts.take(),
            ["needed begins", "needed ends", "passing begins"]
        );
    })
    .await;
}

/// A caller that asks again before the query is given up goes on waiting for the same run.
#[tokio::test(start_paused = true)]
async fn an_impatient_caller_has_its_value_in_the_end() {
    #[query]
    async fn takes_ten_milliseconds(cx: &QueryContext) -> i64 {
        ran(cx, "begins");
        let value = Slot(1).get(cx).await;
        sleep(Duration::from_millis(10)).await;
        value
    }
    within(10_000, async {
        let (rt, counts, _) = gated();
        for value in 1..=5 {
            put(&rt, 1, value).await;
            let mut attempts = 0;
            let found = loop {
                attempts += 1;
                assert!(attempts <= 20, "it never ends");
                let asking = rt.query(async |cx| takes_ten_milliseconds(&cx).await);
                if let Ok(found) = timeout(Duration::from_millis(1), asking).await {
                    break found;
                }
            };
            assert_eq!(found, value);
            assert!(attempts > 5, "{attempts}: each attempt is too short");
            assert_eq!(counts.take(), ["begins"]);
        }
    })
    .await;
}
