//! From where the time of a value counts, and what becomes of its timer.
use super::super::{Hand, ask, outside, see};
use super::{pass_seconds, settle, timely};
use crate::kit::{Slot, counted, pass, put, ran};
use futures::poll;
use salvia::{QueryContext, query};
use std::pin::pin;
use std::time::Duration;
use tokio::join;
use tokio::runtime::Handle;

/// No task has run between the query and the passing of time.
#[tokio::test(start_paused = true)]
async fn the_time_counts_from_the_call_not_from_the_first_poll_of_a_timer() {
    timely(async {
        let (rt, hand) = Hand::runtime();
        assert_eq!(ask(&rt, true).await, 1);
        hand.world.set(1);
        tokio::time::advance(Duration::from_secs(11)).await;
        settle().await;
        assert_eq!(ask(&rt, true).await, 11);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_time_counts_from_the_call_not_from_the_end_of_the_body() {
    #[query]
    async fn slow(cx: &QueryContext) -> i64 {
        ran(cx, "slow");
        let seen = see(cx);
        cx.expires_in(Duration::from_secs(10));
        tokio::time::sleep(Duration::from_secs(8)).await;
        seen
    }
    timely(async {
        let (rt, hand) = Hand::runtime();
        let ask = || rt.query(|cx| async move { slow(&cx).await });
        assert_eq!(ask().await, 0);
        hand.world.set(1);
        pass_seconds(3).await;
        assert_eq!(ask().await, 1);
    })
    .await;
}

/// What it reads is known to change at the next revision, which is not there yet.
#[tokio::test(start_paused = true)]
async fn a_value_above_an_untracked_query_expires() {
    #[query]
    async fn both(cx: &QueryContext) -> i64 {
        ran(cx, "both");
        cx.expires_in(Duration::from_secs(10));
        let _ = outside(cx).await;
        see(cx)
    }
    timely(async {
        let (rt, hand) = Hand::runtime();
        let ask = || rt.query(|cx| async move { both(&cx).await });
        assert_eq!(ask().await, 0);
        hand.world.set(1);
        let before = rt.revision();
        pass_seconds(11).await;
        assert!(rt.revision() > before);
        assert_eq!(ask().await, 1);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_untracked_execution_expires_too() {
    #[query]
    async fn both(cx: &QueryContext) -> i64 {
        cx.untracked();
        cx.expires_in(Duration::from_secs(10));
        see(cx)
    }
    timely(async {
        let (rt, hand) = Hand::runtime();
        let mut watch = rt.watch(|cx| async move { both(&cx).await });
        assert_eq!(watch.next().await, Some(0));
        hand.world.set(1);
        pass_seconds(11).await;
        // Without time passing: the clock stands still while there is something to do.
        let next = tokio::time::timeout(Duration::from_millis(1), watch.next());
        assert_eq!(next.await, Ok(Some(1)));
    })
    .await;
}

/// The value is being validated when its time comes.
#[tokio::test(start_paused = true)]
async fn a_time_may_pass_during_a_validation() {
    #[query]
    async fn odd(cx: &QueryContext) -> bool {
        let read: i64 = Slot(1).get(cx).await;
        if read > 0 {
            pass(cx).await;
        }
        read % 2 != 0
    }
    #[query]
    async fn expiring(cx: &QueryContext) -> i64 {
        cx.expires_in(Duration::from_secs(10));
        odd(cx).await;
        see(cx)
    }
    timely(async {
        let (rt, hand) = Hand::runtime();
        let ask = || rt.query(|cx| async move { expiring(&cx).await });
        assert_eq!(ask().await, 0);
        pass_seconds(5).await;
        hand.world.set(1);
        put(&rt, 1, 2).await;
        let expiry = async {
            hand.gate.entered().await;
            pass_seconds(6).await;
            hand.gate.open();
        };
        join!(ask(), expiry);
        pass_seconds(1).await;
        assert_eq!(ask().await, 1);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn timers_of_replaced_executions_do_not_pile_up() {
    #[query]
    async fn daily(cx: &QueryContext) -> i64 {
        cx.expires_in(Duration::from_secs(86_400));
        Slot(1).get(cx).await
    }
    timely(async {
        let (rt, _) = Hand::runtime();
        for n in 1..=1_000 {
            put(&rt, 1, n).await;
            assert_eq!(rt.query(|cx| async move { daily(&cx).await }).await, n);
            settle().await;
        }
        let tasks = Handle::current().metrics().num_alive_tasks();
        assert!(tasks < 100, "{tasks}");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_time_said_in_the_closure_of_a_watch_counts() {
    timely(async {
        let (rt, hand) = Hand::runtime();
        let mut watch = rt.watch(|cx| async move {
            cx.expires_in(Duration::from_secs(10));
            see(&cx)
        });
        assert_eq!(watch.next().await, Some(0));
        hand.world.set(1);
        pass_seconds(11).await;
        assert!(poll!(pin!(watch.next())).is_ready());
    })
    .await;
}

/// A value that was evicted runs again while what it was made from still holds; its time goes on.
#[tokio::test(start_paused = true)]
async fn a_value_that_was_put_back_expires() {
    #[query(lru = 1)]
    async fn dated(n: i64, cx: &QueryContext) -> i64 {
        cx.expires_in(Duration::from_secs(10));
        ran(cx, "dated");
        n
    }
    timely(async {
        let (rt, counts) = counted();
        let ask = async |n| rt.query(async |cx| dated(n, &cx).await).await;
        for n in [1, 2, 1] {
            assert_eq!(ask(n).await, n);
        }
        pass_seconds(9).await;
        assert_eq!(counts.take().len(), 3);
        assert_eq!(ask(1).await, 1);
        assert_eq!(counts.take().len(), 0);
        pass_seconds(2).await;
        assert_eq!(ask(1).await, 1);
        assert_eq!(counts.take().len(), 1);
    })
    .await;
}
