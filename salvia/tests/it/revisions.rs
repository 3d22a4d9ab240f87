//! Updates of one query at several revisions at a time: shared where nothing changed, apart where something did.

use std::pin::pin;

use futures::future::join_all;
use futures::poll;
use salvia::{QueryContext, query};
use tokio::join;

use crate::kit::{Counts, Gate, Slot, builder, counted, gated, pass, put, ran, soon, within};

/// At most once a revision, also when revisions come while it runs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn callers_of_many_revisions_run_a_query_once_each_at_most() {
    #[query]
    async fn watched(cx: &QueryContext) -> i64 {
        let value: i64 = Slot(1).get(cx).await;
        ran(cx, format!("watched at {value:03}"));
        tokio::task::yield_now().await;
        value
    }
    within(10, async {
        let (rt, counts) = counted();
        let callers: Vec<_> = (0..8)
            .map(|_| {
                let rt = rt.clone();
                tokio::spawn(async move {
                    for _ in 0..200 {
                        let seen =
                            rt.query(
                                |cx| async move { (watched(&cx).await, Slot(1).get(&cx).await) },
                            );
                        let (answer, input) = seen.await;
                        assert_eq!(answer, input);
                    }
                })
            })
            .collect();
        for value in 1..=100 {
            put(&rt, 1, value).await;
            tokio::task::yield_now().await;
        }
        for caller in callers {
            caller.await.expect("its assertions hold");
        }
        let runs = counts.take();
        let mut once = runs.clone();
        once.dedup();
        assert_eq!(runs, once);
    })
    .await;
}

/// A mutation while a query runs: the query finishes at its revision, and the next is of the new one at once.
#[tokio::test]
async fn a_query_of_a_new_revision_does_not_wait_for_an_old_one() {
    #[query]
    async fn first_is_slow(cx: &QueryContext) -> i64 {
        let value: i64 = Slot(1).get(cx).await;
        ran(cx, format!("at {value}"));
        if value == 0 {
            pass(cx).await;
        }
        value
    }
    soon(async {
        let (rt, counts, gate): (_, Counts, _) = gated();
        let mut old = pin!(rt.query(|cx| async move { first_is_slow(&cx).await }));
        assert!(poll!(old.as_mut()).is_pending());
        put(&rt, 1, 7).await;
        assert_eq!(
            rt.query(|cx| async move { first_is_slow(&cx).await }).await,
            7
        );
        gate.open();
        assert_eq!(old.await, 0);
        assert_eq!(counts.take(), ["at 0", "at 7"]);
    })
    .await;
}

/// A commit that does not touch what is running makes nobody run it a second time.
#[tokio::test]
async fn an_unrelated_commit_does_not_run_a_query_twice() {
    #[query]
    async fn slow(cx: &QueryContext) -> i64 {
        ran(cx, "slow");
        let value: i64 = Slot(1).get(cx).await;
        pass(cx).await;
        value
    }
    soon(async {
        let (rt, counts, gate) = gated();
        let ask = |cx: QueryContext| async move { slow(&cx).await };
        let mut old = pin!(rt.query(ask));
        assert!(poll!(old.as_mut()).is_pending());
        gate.entered().await;
        put(&rt, 2, 1).await;
        let mut new = pin!(rt.query(ask));
        assert!(poll!(new.as_mut()).is_pending());
        gate.open();
        assert_eq!((new.await, old.await), (0, 0));
        assert_eq!(counts.take(), ["slow"]);
    })
    .await;
}

/// But one that touches it while somebody newer waits for it does: the newer one is not given the old answer.
#[tokio::test]
async fn who_waits_for_an_older_update_hears_of_a_change() {
    #[query]
    async fn slow(cx: &QueryContext) -> i64 {
        ran(cx, "slow");
        pass(cx).await;
        Slot(1).get(cx).await
    }
    soon(async {
        let (rt, counts, gate) = gated();
        let ask = |cx: QueryContext| async move { slow(&cx).await };
        let mut first = pin!(rt.query(ask));
        assert!(poll!(first.as_mut()).is_pending());
        gate.entered().await;
        // The running update has read nothing yet, so the second may wait for it; then it reads what has changed since.
        put(&rt, 1, 7).await;
        let mut second = pin!(rt.query(ask));
        assert!(poll!(second.as_mut()).is_pending());
        gate.open();
        assert_eq!((second.await, first.await), (7, 0));
        assert_eq!(counts.take(), ["slow", "slow"]);
    })
    .await;
}

/// And at once: it does not wait for the rest of an update that can be of no use to it any more.
#[tokio::test]
async fn who_waits_for_an_older_update_does_not_wait_for_a_stale_one() {
    #[derive(Clone, Default)]
    struct Second(Gate);

    #[query]
    async fn slow(cx: &QueryContext) -> i64 {
        pass(cx).await;
        let value: i64 = Slot(1).get(cx).await;
        if value == 0 {
            cx.resource::<Second>().0.pass().await;
        }
        value
    }
    soon(async {
        let (first, second) = (Gate::default(), Second::default());
        let builder = builder().resource(first.clone());
        let rt = builder.resource(second.clone()).build();
        // In tasks of their own, which nothing wakes but what they wait for.
        let ask = || {
            let rt = rt.clone();
            tokio::spawn(async move { rt.query(|cx| async move { slow(&cx).await }).await })
        };
        let old = ask();
        first.entered().await;
        put(&rt, 1, 7).await;
        let new = ask();
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        first.open();
        let new = new.await.expect("it is told");
        assert_eq!(new, 7, "while the old one is still at work");
        second.0.open();
        assert_eq!(old.await.expect("it has its answer"), 0);
    })
    .await;
}

/// A snapshot of an older revision made while an update of a newer one runs does not take its value.
#[tokio::test]
async fn a_running_update_of_another_revision_is_not_mistaken_for_ours() {
    #[derive(Clone, Default)]
    struct Second(Gate);

    #[query]
    async fn slow(cx: &QueryContext) -> i64 {
        let value: i64 = Slot(1).get(cx).await;
        ran(cx, format!("slow at {value}"));
        if value == 1 {
            pass(cx).await
        } else {
            cx.resource::<Second>().0.pass().await
        }
        value
    }
    soon(async {
        let (counts, first, second) = (Counts::default(), Gate::default(), Second::default());
        let builder = builder().resource(counts.clone()).resource(first.clone());
        let rt = builder.resource(second.clone()).build();
        put(&rt, 1, 1).await;
        let mut old = pin!(rt.query(|cx| async move { slow(&cx).await }));
        assert!(poll!(old.as_mut()).is_pending());
        first.entered().await;
        put(&rt, 1, 2).await;
        let mut new = pin!(rt.query(|cx| async move { slow(&cx).await }));
        assert!(poll!(new.as_mut()).is_pending());
        second.0.entered().await;

        // They finish in the wrong order, and each gets its own.
        second.0.open();
        assert_eq!(new.await, 2);
        first.open();
        assert_eq!(old.await, 1);
        assert_eq!(rt.query(|cx| async move { slow(&cx).await }).await, 2);
        assert_eq!(counts.take(), ["slow at 1", "slow at 2"]);
    })
    .await;
}

/// A query that is running for many revisions at once gives each its own, and none waits for ever for another.
#[tokio::test]
async fn a_query_may_run_for_many_revisions_at_once() {
    #[query]
    async fn slow(cx: &QueryContext) -> i64 {
        let before: i64 = Slot(1).get(cx).await;
        ran(cx, format!("slow at {before:02}"));
        pass(cx).await;
        before
    }
    soon(async {
        let (rt, counts, gate) = gated();
        let mut open = Vec::new();
        for value in 0..30 {
            put(&rt, 1, value).await;
            for _ in 0..2 {
                let rt = rt.clone();
                let asked = async move { rt.query(|cx| async move { slow(&cx).await }).await };
                let mut asked = Box::pin(asked);
                assert!(poll!(asked.as_mut()).is_pending());
                open.push(async move { (asked.await, value) });
            }
        }
        gate.entered().await;
        gate.open();
        for (answer, value) in join_all(open).await {
            assert_eq!(answer, value);
        }
        let runs = counts.take();
        assert_eq!(runs.len(), 30, "{runs:?}");
    })
    .await;
}

/// The older of two updates of one node finds a change and begins to run, while the newer one still checks.
#[tokio::test]
async fn an_update_that_begins_to_run_leaves_a_newer_one_alone() {
    #[query]
    async fn lower(cx: &QueryContext) -> i64 {
        let value: i64 = Slot(1).get(cx).await;
        if value > 0 {
            pass(cx).await;
        }
        value
    }
    #[query]
    async fn upper(cx: &QueryContext) -> i64 {
        lower(cx).await + Slot(2).get(cx).await
    }
    soon(async {
        let (rt, _, gate) = gated();
        let ask = || rt.query(|cx| async move { upper(&cx).await });
        assert_eq!(ask().await, 0);
        put(&rt, 1, 1).await;
        let mut older = pin!(ask());
        assert!(poll!(older.as_mut()).is_pending());
        gate.entered().await;
        // The older one hears of this, so the newer one does not wait for it.
        put(&rt, 2, 5).await;
        let mut newer = pin!(ask());
        assert!(poll!(newer.as_mut()).is_pending());
        gate.open();
        assert_eq!(join!(older, newer), (1, 6));
    })
    .await;
}
