//! Values that expire: when, how often they run again, and whom that concerns.
//!
//! Time is tokio's, paused, and moves when a test says so.

mod timers;

use std::sync::Arc;
use std::time::Duration;

use salvia::{QueryContext, Runtime, query};
use tokio::join;
use tokio::runtime::Handle;
use tokio::time::Instant;

use super::{Hand, ask, fresh, see, top};
use crate::kit::{Slot, boom, pass, put, ran, within};

/// The watchdog on a clock that a test moves on.
#[track_caller]
fn timely<F: Future>(f: F) -> impl Future<Output = F::Output> {
    within(100_000, f)
}

/// Lets timers be set, lets seconds pass, and lets what they set off come to its end.
async fn pass_seconds(seconds: u64) {
    settle().await;
    tokio::time::advance(Duration::from_secs(seconds)).await;
    settle().await;
}

async fn settle() {
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_value_is_a_hit_until_its_time_has_passed_and_then_runs_once() {
    timely(async {
        let (rt, hand) = Hand::runtime();
        assert_eq!(ask(&rt, true).await, 1);
        hand.ran(&["above", "fresh", "top"]);
        for round in 1..4 {
            hand.world.set(round);
            pass_seconds(9).await;
            assert_eq!(ask(&rt, true).await, 1 + 10 * (round - 1));
            hand.ran(&[]);
            pass_seconds(2).await;
            hand.ran(&[]);
            assert_eq!(ask(&rt, true).await, 1 + 10 * round);
            assert_eq!(ask(&rt, true).await, 1 + 10 * round);
            hand.ran(&["above", "fresh", "top"]);
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_end_of_a_time_is_one_revision_of_its_own() {
    timely(async {
        let (rt, hand) = Hand::runtime();
        assert_eq!(ask(&rt, true).await, 1);
        let before = rt.snapshot();
        let held = rt.query(|cx| async move { cx }).await;
        hand.world.set(5);
        pass_seconds(9).await;
        assert_eq!(rt.revision(), before.revision());
        pass_seconds(2).await;
        let expired = rt.revision();
        assert!(expired > before.revision());
        let after = rt.snapshot();
        pass_seconds(1_000).await;
        assert_eq!(rt.revision(), expired, "nobody has asked again");

        assert_eq!(ask(&rt, true).await, 51);
        hand.world.set(6);
        put(&rt, 7, 1).await;
        for (snapshot, value) in [(&before, 1), (&after, 51)] {
            let seen = snapshot.query(|cx| async move { top(true, &cx).await });
            assert_eq!(seen.await, value);
        }
        assert_eq!(top(true, &held).await, 1);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_equal_value_after_its_time_runs_nothing_above() {
    timely(async {
        let (rt, hand) = Hand::runtime();
        assert_eq!(ask(&rt, true).await, 1);
        hand.counts.take();
        for _ in 0..5 {
            pass_seconds(11).await;
            assert_eq!(ask(&rt, true).await, 1);
            assert_eq!(ask(&rt, true).await, 1);
            hand.ran(&["fresh"]);
        }
    })
    .await;
}

/// It sleeps with nothing else to do, so the clock goes to the next timer by itself.
#[tokio::test(start_paused = true)]
async fn a_watch_two_levels_above_is_woken_when_the_time_has_passed() {
    timely(async {
        let (rt, hand) = Hand::runtime();
        let mut watch = rt.watch(|cx| async move {
            ran(&cx, "look");
            top(true, &cx).await
        });
        assert_eq!(watch.next().await, Some(1));
        for round in 1..4 {
            hand.counts.take();
            hand.world.set(round);
            let start = Instant::now();
            assert_eq!(watch.next().await, Some(1 + 10 * round));
            assert_eq!(start.elapsed().as_secs(), 10);
            hand.ran(&["above", "fresh", "look", "top"]);
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_shortest_of_several_times_counts() {
    #[query]
    async fn several(cx: &QueryContext) -> i64 {
        ran(cx, "several");
        for seconds in [60, 20, 1_000] {
            cx.expires_in(Duration::from_secs(seconds));
        }
        cx.expires_in(Duration::MAX);
        see(cx)
    }
    timely(async {
        let (rt, hand) = Hand::runtime();
        let ask = || rt.query(|cx| async move { several(&cx).await });
        assert_eq!(ask().await, 0);
        hand.world.set(1);
        pass_seconds(19).await;
        assert_eq!(ask().await, 0);
        pass_seconds(2).await;
        assert_eq!(ask().await, 1);
        pass_seconds(19).await;
        assert_eq!(ask().await, 1);
        hand.ran(&["several"; 2]);
    })
    .await;
}

/// Holds for ten seconds, and reads whether slot 1 is odd.
#[query]
async fn fresh_and_odd(cx: &QueryContext) -> (bool, i64) {
    #[query]
    async fn odd(cx: &QueryContext) -> bool {
        Slot(1).get(cx).await % 2 != 0
    }
    ran(cx, "fresh_and_odd");
    cx.expires_in(Duration::from_secs(10));
    (odd(cx).await, see(cx))
}

async fn ask_odd(rt: &Arc<Runtime>) -> (bool, i64) {
    rt.query(|cx| async move { fresh_and_odd(&cx).await }).await
}

/// Whether the later execution gave another value or not.
#[tokio::test(start_paused = true)]
async fn an_execution_that_was_replaced_does_not_expire() {
    #[query]
    async fn rounded(cx: &QueryContext) -> i64 {
        ran(cx, "rounded");
        cx.expires_in(Duration::from_secs(10));
        Slot(1).get(cx).await / 10
    }
    timely(async {
        for replaced_by in [3, 30] {
            let (rt, hand) = Hand::runtime();
            let ask = || rt.query(|cx| async move { rounded(&cx).await });
            assert_eq!(ask().await, 0);
            pass_seconds(6).await;
            put(&rt, 1, replaced_by).await;
            assert_eq!(ask().await, replaced_by / 10);
            hand.ran(&["rounded"; 2]);
            let revision = rt.revision();
            pass_seconds(5).await;
            assert_eq!(rt.revision(), revision, "11 s after the first");
            ask().await;
            hand.ran(&[]);
            pass_seconds(6).await;
            assert!(rt.revision() > revision, "11 s after the second");
            ask().await;
            hand.ran(&["rounded"]);
        }
    })
    .await;
}

/// Validated in the meantime, or dirty when its time comes.
#[tokio::test(start_paused = true)]
async fn a_value_that_was_validated_again_expires_all_the_same() {
    timely(async {
        for asked_between in [true, false] {
            let (rt, hand) = Hand::runtime();
            assert_eq!(ask_odd(&rt).await, (false, 0));
            hand.world.set(1);
            pass_seconds(6).await;
            put(&rt, 1, 2).await;
            if asked_between {
                assert_eq!(ask_odd(&rt).await, (false, 0));
            }
            hand.ran(&["fresh_and_odd"]);
            pass_seconds(5).await;
            assert_eq!(ask_odd(&rt).await, (false, 1));
            hand.ran(&["fresh_and_odd"]);
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_time_that_passes_in_a_mutation_waits_for_its_turn() {
    timely(async {
        let (rt, hand) = Hand::runtime();
        assert_eq!(ask(&rt, true).await, 1);
        hand.counts.take();
        hand.world.set(1);
        let before = rt.revision();
        let mutation = rt.mutate(|cx| {
            let gate = hand.gate.clone();
            async move {
                Slot(7).set(1, &cx).await;
                gate.pass().await;
            }
        });
        let meanwhile = async {
            hand.gate.entered().await;
            pass_seconds(11).await;
            assert_eq!(rt.revision(), before);
            assert_eq!(ask(&rt, true).await, 1, "no revision has two values");
            hand.ran(&[]);
            hand.gate.open();
        };
        join!(mutation, meanwhile);
        let mutated = rt.revision();
        settle().await;
        assert!(mutated > before && rt.revision() > mutated);
        assert_eq!(ask(&rt, true).await, 11);
        hand.ran(&["above", "fresh", "top"]);
    })
    .await;
}

/// The reader has taken the value and waits; what it gives is right for the revision it began at.
#[tokio::test(start_paused = true)]
async fn a_time_may_pass_while_a_reader_runs() {
    #[query]
    async fn reader(cx: &QueryContext) -> i64 {
        ran(cx, "reader");
        let value = fresh(cx).await;
        pass(cx).await;
        value
    }
    timely(async {
        let (rt, hand) = Hand::runtime();
        let ask = || rt.query(|cx| async move { reader(&cx).await });
        let expiring = async {
            hand.gate.entered().await;
            hand.world.set(1);
            pass_seconds(11).await;
            hand.gate.open();
        };
        assert_eq!(join!(ask(), expiring).0, 0);
        hand.ran(&["fresh", "reader"]);
        assert_eq!(ask().await, 1);
        hand.ran(&["fresh", "reader"]);
    })
    .await;
}

/// It is stored nowhere, so there is nothing to expire, and the next try is as good as the first.
#[tokio::test(start_paused = true)]
async fn an_execution_that_fails_does_not_expire() {
    #[query]
    async fn fails(cx: &QueryContext) -> i64 {
        cx.expires_in(Duration::from_secs(10));
        if see(cx) == 0 {
            boom("nothing there");
        }
        see(cx)
    }
    timely(async {
        let (rt, hand) = Hand::runtime();
        let tasks = Handle::current().metrics().num_alive_tasks();
        let ask = || rt.try_query(|cx| async move { fails(&cx).await });
        assert!(ask().await.is_err());
        assert_eq!(Handle::current().metrics().num_alive_tasks(), tasks);
        let before = rt.revision();
        pass_seconds(20).await;
        assert_eq!(rt.revision(), before);
        hand.world.set(3);
        assert_eq!(ask().await.expect("it is repaired"), 3);
        // A root stores nothing either.
        let time = Duration::from_secs(5);
        rt.query(|cx| async move { cx.expires_in(time) }).await;
        pass_seconds(9).await;
        assert_eq!(rt.revision(), before);
        pass_seconds(2).await;
        assert!(rt.revision() > before);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_runtime_that_is_dropped_leaves_no_timers() {
    #[query]
    async fn numbered(n: u32, cx: &QueryContext) -> u32 {
        cx.expires_in(Duration::from_secs(u64::from(n) + 1));
        n
    }
    timely(async {
        let tasks = || Handle::current().metrics().num_alive_tasks();
        let before = tasks();
        let (rt, _) = Hand::runtime();
        for n in 0..100 {
            assert_eq!(
                rt.query(|cx| async move { numbered(n, &cx).await }).await,
                n
            );
        }
        pass_seconds(50).await;
        assert!(tasks() > before, "half of them are there");
        drop(rt);
        for _ in 0..1_000 {
            if tasks() == before {
                return;
            }
            tokio::task::yield_now().await;
        }
        panic!("{} tasks, {before} before", tasks());
    })
    .await;
}
