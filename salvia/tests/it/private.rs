//! Results that are right for one revision or one request, and updates that run beside each other: what is kept of them, for
//! whom, and whom they hold up.

use std::pin::pin;
use std::sync::Arc;

use futures::future::join_all;
use futures::poll;
use salvia::{QueryContext, Runtime, query};
use tokio::join;

use crate::kit::{Slot, boom, counted, gated, pass, put, ran, soon};

#[query]
async fn plain(cx: &QueryContext) -> i64 {
    ran(cx, "plain");
    Slot(1).get(cx).await
}

#[query]
async fn tenfold(cx: &QueryContext) -> i64 {
    ran(cx, "tenfold");
    10 * plain(cx).await
}

/// What an old revision has of its own is no basis for a value of other revisions, older or newer.
#[tokio::test]
async fn what_was_made_from_a_private_result_is_no_other_revisions() {
    soon(async {
        let (rt, _) = counted();
        put(&rt, 1, 1).await;
        let first = rt.snapshot();
        put(&rt, 1, 2).await;
        let second = rt.snapshot();
        put(&rt, 1, 3).await;
        assert_eq!(rt.query(|cx| async move { plain(&cx).await }).await, 3);
        // `plain` has moved on, so this is made from a result of that snapshot alone.
        let asked = second.query(|cx| async move { tenfold(&cx).await });
        assert_eq!(asked.await, 20);
        let asked = first.query(|cx| async move { tenfold(&cx).await });
        assert_eq!(asked.await, 10);
        assert_eq!(rt.query(|cx| async move { tenfold(&cx).await }).await, 30);
    })
    .await;
}

/// Once a revision holds for revisions that are gone from their nodes, too.
#[tokio::test]
async fn a_value_that_a_snapshot_reads_is_kept_when_it_is_replaced() {
    soon(async {
        let (rt, counts) = counted();
        put(&rt, 1, 1).await;
        assert_eq!(rt.query(|cx| async move { tenfold(&cx).await }).await, 10);
        let before = rt.snapshot();
        put(&rt, 1, 2).await;
        assert_eq!(rt.query(|cx| async move { tenfold(&cx).await }).await, 20);
        counts.take();
        let asked = before.query(|cx| async move { (tenfold(&cx).await, plain(&cx).await) });
        assert_eq!(asked.await, (10, 1));
        assert!(counts.take().is_empty());
    })
    .await;
}

/// Slow while slot 1 is one.
#[query]
async fn slow_at_one(cx: &QueryContext) -> i64 {
    let value: i64 = Slot(1).get(cx).await;
    if value == 1 {
        pass(cx).await;
    }
    value
}

/// It can be of no use to them, so they do not wait for it.
#[tokio::test]
async fn a_private_run_of_an_older_snapshot_holds_no_newer_reader_up() {
    soon(async {
        let (rt, _, gate) = gated();
        put(&rt, 1, 1).await;
        let old = rt.snapshot();
        put(&rt, 1, 2).await;
        let ask = || rt.query(|cx| async move { slow_at_one(&cx).await });
        assert_eq!(ask().await, 2);
        let mut private = pin!(old.query(|cx| async move { slow_at_one(&cx).await }));
        assert!(poll!(private.as_mut()).is_pending());
        gate.entered().await;
        put(&rt, 1, 3).await;
        assert_eq!(ask().await, 3, "while the old one is at work");
        gate.open();
        assert_eq!(private.await, 1);
    })
    .await;
}

#[query]
async fn fails(cx: &QueryContext) -> i64 {
    pass(cx).await;
    boom("on purpose");
    Slot(1).get(cx).await
}

#[query]
async fn forgives(cx: &QueryContext) -> i64 {
    ran(cx, "forgives");
    fails(cx).catch().await.unwrap_or(7)
}

/// Also of a value that is stored nowhere, since it was made by handling a failure.
#[tokio::test]
async fn who_waits_takes_the_result_of_what_was_waited_for() {
    soon(async {
        let (rt, counts, gate) = gated();
        let asked = join_all((0..5).map(|_| rt.query(|cx| async move { forgives(&cx).await })));
        let (values, ()) = join!(asked, async {
            gate.entered().await;
            gate.open();
        });
        assert_eq!(values, [7; 5]);
        assert_eq!(counts.take(), ["forgives"]);
    })
    .await;
}

#[query]
async fn slow(cx: &QueryContext) -> i64 {
    let value: i64 = Slot(1).get(cx).await;
    ran(cx, "slow");
    pass(cx).await;
    value
}

/// Past those the newer ones wait for the oldest.
#[tokio::test]
async fn no_more_than_a_few_updates_of_one_query_run_at_once() {
    const REVISIONS: i64 = 12;
    soon(async {
        let (rt, counts, gate) = gated();
        let mut asked = Vec::new();
        for value in 0..REVISIONS {
            put(&rt, 1, value).await;
            let rt: Arc<Runtime> = rt.clone();
            let ask = async move { rt.query(|cx| async move { slow(&cx).await }).await };
            let mut ask = Box::pin(ask);
            assert!(poll!(ask.as_mut()).is_pending());
            asked.push(ask);
            // A task of its own gets its turn.
            tokio::task::yield_now().await;
        }
        let running = counts.take().len();
        assert!((2..=4).contains(&running), "{running} at once");
        gate.open();
        assert_eq!(join_all(asked).await, Vec::from_iter(0..REVISIONS));
        assert_eq!(counts.take().len() + running, REVISIONS as usize);
    })
    .await;
}
