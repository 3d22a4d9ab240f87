//! How a failure travels: past the bodies that asked without unwinding them, up to who handles it; and cycles.

use std::sync::Arc;

use salvia::{QueryContext, QueryError, QueryErrorKind, Runtime, query};
use tokio::join;

use crate::kit::{Counts, Slot, boom, counted, gated, pass, put, ran, runtime, soon};

/// Fails while slot 1 is zero.
#[query]
async fn shaky(cx: &QueryContext) -> i64 {
    ran(cx, "shaky");
    let value: i64 = Slot(1).get(cx).await;
    if value == 0 {
        boom("shaky ground");
    }
    value
}

/// Says when it is dropped, and whether that was by unwinding.
struct Guard(Counts, &'static str);

impl Drop for Guard {
    fn drop(&mut self) {
        let how = if std::thread::panicking() {
            "unwound"
        } else {
            "dropped"
        };
        self.0.note(format!("{} {how}", self.1));
    }
}

fn guard(cx: &QueryContext, whose: &'static str) -> Guard {
    Guard((*cx.resource::<Counts>()).clone(), whose)
}

/// A failing dependency drops the asking body at its await: its guards run, what comes after does not, nothing unwinds.
#[tokio::test]
async fn a_failure_drops_the_asking_body_without_unwinding() {
    #[query]
    async fn middle(cx: &QueryContext) -> i64 {
        let _guard = guard(cx, "middle");
        let value = shaky(cx).await;
        ran(cx, "after the await");
        value
    }
    #[query]
    async fn top(cx: &QueryContext) -> i64 {
        let _guard = guard(cx, "top");
        let value = middle(cx).await;
        ran(cx, "after the await");
        value
    }
    soon(async {
        let (rt, counts) = counted();
        let error = rt
            .try_query(|cx| async move { top(&cx).await })
            .await
            .expect_err("slot 1 is zero");
        assert_eq!(error.query(), "shaky()");
        assert_eq!(counts.take(), ["middle dropped", "shaky", "top dropped"]);

        put(&rt, 1, 4).await;
        assert_eq!(rt.query(|cx| async move { top(&cx).await }).await, 4);
        assert_eq!(counts.of("after the await"), 2);
    })
    .await;
}

/// The same when the failure comes after everybody has waited, and in a branch of a join.
#[tokio::test]
async fn a_late_failure_drops_the_asking_body_too() {
    #[query]
    async fn late(cx: &QueryContext) -> i64 {
        pass(cx).await;
        shaky(cx).await
    }
    #[query]
    async fn never(cx: &QueryContext) -> i64 {
        std::future::pending::<()>().await;
        ran(cx, "never");
        0
    }
    #[query]
    async fn top(cx: &QueryContext) -> i64 {
        let _guard = guard(cx, "top");
        // The other branch would wait for ever; the failure does not wait for it.
        let (late, never) = join!(late(cx), never(cx));
        ran(cx, "after the join");
        late + never
    }
    soon(async {
        let (rt, counts, gate) = gated();
        let (outcome, ()) = join!(rt.try_query(|cx| async move { top(&cx).await }), async {
            gate.entered().await;
            gate.open();
        });
        assert_eq!(outcome.expect_err("slot 1 is zero").query(), "shaky()");
        assert_eq!(counts.take(), ["shaky", "top dropped"]);
    })
    .await;
}

/// At the root it is the same: the closure's future is dropped where it asked.
#[tokio::test]
async fn a_failure_drops_the_closure_of_try_query() {
    soon(async {
        let (rt, counts) = counted();
        let outcome = rt.try_query(|cx| async move {
            let _guard = guard(&cx, "closure");
            shaky(&cx).await;
            ran(&cx, "after the await");
        });
        outcome.await.expect_err("slot 1 is zero");
        assert_eq!(counts.take(), ["closure dropped", "shaky"]);
    })
    .await;
}

/// A failure met by a task that the closure spawned ends the closure as well: it is not left waiting for that task.
#[tokio::test]
async fn a_failure_in_a_spawned_task_reaches_the_root() {
    soon(async {
        let (rt, counts) = counted();
        let outcome = rt.try_query(|cx| async move {
            let _guard = guard(&cx, "closure");
            let cx = Arc::new(cx);
            let task = tokio::spawn({
                let cx = cx.clone();
                async move { shaky(&cx).await }
            });
            task.await.expect("it is not told by a panic")
        });
        assert_eq!(
            outcome.await.expect_err("slot 1 is zero").query(),
            "shaky()"
        );
        assert_eq!(counts.take(), ["closure dropped", "shaky"]);
    })
    .await;
}

#[query]
async fn lenient(cx: &QueryContext) -> i64 {
    ran(cx, "lenient");
    shaky(cx).catch().await.unwrap_or(-1)
}

#[query]
async fn above_lenient(cx: &QueryContext) -> i64 {
    ran(cx, "above_lenient");
    lenient(cx).await * 10
}

/// `catch` makes of a failure a value, inside a query and at the root.
#[tokio::test]
async fn a_query_can_handle_a_failure() {
    soon(async {
        let (rt, _) = counted();
        assert_eq!(
            rt.query(|cx| async move { above_lenient(&cx).await }).await,
            -10
        );
        let error = rt
            .query(|cx| async move { shaky(&cx).catch().await })
            .await
            .expect_err("slot 1 is zero");
        assert_eq!(error.query(), "shaky()");
        put(&rt, 1, 4).await;
        assert_eq!(
            rt.query(|cx| async move { above_lenient(&cx).await }).await,
            40
        );
        assert_eq!(
            rt.query(|cx| async move { shaky(&cx).catch().await.ok() })
                .await,
            Some(4)
        );
    })
    .await;
}

/// Nothing is stored below a handled failure: what made of it a value is asked again, and runs again.
#[tokio::test]
async fn nothing_is_stored_below_a_handled_failure() {
    soon(async {
        let (rt, counts) = counted();
        let ask = |cx: QueryContext| async move { above_lenient(&cx).await };
        for _ in 0..3 {
            assert_eq!(rt.query(ask).await, -10);
            assert_eq!(counts.take(), ["above_lenient", "lenient", "shaky"]);
        }
        // Once nothing fails, everything is stored.
        put(&rt, 1, 4).await;
        assert_eq!(rt.query(ask).await, 40);
        counts.take();
        assert_eq!(rt.query(ask).await, 40);
        assert!(counts.take().is_empty());
    })
    .await;
}

/// A `catch` that had nothing to handle costs nothing: the value is stored, and the failure that comes later is seen.
#[tokio::test]
async fn a_catch_that_handles_nothing_is_stored() {
    soon(async {
        let (rt, counts) = counted();
        put(&rt, 1, 4).await;
        let ask = |cx: QueryContext| async move { above_lenient(&cx).await };
        for _ in 0..3 {
            assert_eq!(rt.query(ask).await, 40);
        }
        assert_eq!(counts.take(), ["above_lenient", "lenient", "shaky"]);
        put(&rt, 1, 0).await;
        assert_eq!(rt.query(ask).await, -10);
    })
    .await;
}

/// A failure during a check is a change, not the asker's failure: the asker runs, and may not ask for it any more.
#[tokio::test]
async fn a_failure_in_a_check_is_a_change() {
    #[query]
    async fn careful(cx: &QueryContext) -> i64 {
        ran(cx, "careful");
        let value: i64 = Slot(1).get(cx).await;
        if value == 0 { -1 } else { shaky(cx).await }
    }
    soon(async {
        let (rt, counts) = counted();
        let ask = |cx: QueryContext| async move { careful(&cx).await };
        put(&rt, 1, 4).await;
        assert_eq!(rt.query(ask).await, 4);
        put(&rt, 1, 0).await;
        assert_eq!(rt.query(ask).await, -1);
        assert_eq!(
            counts.take(),
            ["careful", "careful", "shaky"],
            "`shaky` was not asked the second time"
        );
    })
    .await;
}

fn is_cycle(error: &QueryError) -> bool {
    matches!(error.kind(), QueryErrorKind::Cycle { .. })
}

/// A query that asks for itself is an error that says so, not a wait for ever.
#[tokio::test]
async fn a_query_that_asks_for_itself_is_a_cycle() {
    #[query]
    async fn ouroboros(n: u8, cx: &QueryContext) -> u64 {
        ouroboros(n, cx).await + 1
    }
    soon(async {
        let rt = runtime();
        let error = rt
            .try_query(|cx| async move { ouroboros(3, &cx).await })
            .await
            .expect_err("it never ends");
        assert!(is_cycle(&error), "{error:?}");
        assert_eq!(error.query(), "ouroboros(3)");
        assert!(error.to_string().contains("ouroboros(3)"), "{error}");
        // A mutation is not held up by it.
        put(&rt, 1, 1).await;
    })
    .await;
}

/// `left` and `right` ask for each other while slot 1 is zero.
#[query]
async fn left(n: u32, cx: &QueryContext) -> i64 {
    let value: i64 = Slot(1).get(cx).await;
    if value == 0 {
        right(n, cx).await
    } else {
        value
    }
}

#[query]
async fn right(n: u32, cx: &QueryContext) -> i64 {
    if n == 7 {
        pass(cx).await;
    }
    left(n, cx).await + 1
}

async fn ask_left(rt: &Arc<Runtime>) -> Result<i64, QueryError> {
    rt.try_query(|cx| async move { left(0, &cx).await }).await
}

/// The whole cycle is named, and the input repaired, all of it works.
#[tokio::test]
async fn a_longer_cycle_names_its_members_and_can_be_repaired() {
    soon(async {
        let rt = runtime();
        let error = ask_left(&rt).await.expect_err("they ask for each other");
        let text = error.to_string();
        assert!(
            is_cycle(&error) && text.contains("left(0)") && text.contains("right(0)"),
            "{text}"
        );
        put(&rt, 1, 5).await;
        assert_eq!(ask_left(&rt).await.ok(), Some(5));
        assert_eq!(rt.query(|cx| async move { right(0, &cx).await }).await, 6);
        // And breaks again, found in a check as well as in a first run.
        put(&rt, 1, 0).await;
        assert!(is_cycle(&ask_left(&rt).await.expect_err("again")));
    })
    .await;
}

/// Entered at both ends by two tasks at once, it is still found.
#[tokio::test]
async fn a_cycle_across_tasks_is_found() {
    soon(async {
        let (rt, _, gate) = gated();
        let one = tokio::spawn({
            let rt = rt.clone();
            async move { rt.try_query(|cx| async move { right(7, &cx).await }).await }
        });
        gate.entered().await;
        let two = tokio::spawn({
            let rt = rt.clone();
            async move { rt.try_query(|cx| async move { left(7, &cx).await }).await }
        });
        tokio::task::yield_now().await;
        gate.open();
        for task in [one, two] {
            assert!(is_cycle(
                &task
                    .await
                    .expect("it is told")
                    .expect_err("they ask for each other")
            ));
        }
    })
    .await;
}

/// A join of many who share what they need is no cycle, however it is interleaved.
#[tokio::test]
async fn a_dense_graph_is_no_cycle() {
    #[query]
    async fn dense(n: u32, cx: &QueryContext) -> i64 {
        tokio::task::yield_now().await;
        let below: Vec<_> = (0..n).map(|m| dense(m, cx)).collect();
        futures::future::join_all(below)
            .await
            .into_iter()
            .sum::<i64>()
            + 1
    }
    soon(async {
        let rt = runtime();
        assert_eq!(
            rt.try_query(|cx| async move { dense(16, &cx).await })
                .await
                .ok(),
            Some(1 << 16)
        );
    })
    .await;
}
