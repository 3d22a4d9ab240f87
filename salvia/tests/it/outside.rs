//! What the engine cannot see change: queries that read the outside world, and values that expire.
//!
//! Untracked reads are here, expiry is next door.

mod expiry;

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use futures::future::join_all;
use futures::poll;
use salvia::{QueryContext, Runtime, query};
use tokio::join;

use crate::kit::{Counts, Gate, builder, put, ran, soon};

/// Something out there.
#[derive(Debug, Clone, Default)]
struct World(Arc<AtomicI64>);

impl World {
    fn set(&self, value: i64) {
        self.0.store(value, Ordering::SeqCst);
    }

    fn get(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

fn see(cx: &QueryContext) -> i64 {
    cx.resource::<World>().get()
}

/// What a test has in hand.
#[derive(Default)]
struct Hand {
    counts: Counts,
    world: World,
    gate: Gate,
}

impl Hand {
    fn runtime() -> (Arc<Runtime>, Hand) {
        let hand = Hand::default();
        let rt = builder()
            .resource(hand.counts.clone())
            .resource(hand.world.clone())
            .resource(hand.gate.clone())
            .build();
        (rt, hand)
    }

    /// Asserts what has run since the last time.
    #[track_caller]
    fn ran(&self, names: &[&str]) {
        assert_eq!(self.counts.take(), names);
    }
}

#[query]
async fn outside(cx: &QueryContext) -> i64 {
    ran(cx, "outside");
    cx.untracked();
    see(cx)
}

/// Holds for ten seconds.
#[query]
async fn fresh(cx: &QueryContext) -> i64 {
    ran(cx, "fresh");
    cx.expires_in(Duration::from_secs(10));
    see(cx)
}

/// Keeps one value.
#[query(lru = 1)]
async fn glance(at: i64, cx: &QueryContext) -> i64 {
    cx.untracked();
    see(cx) + at
}

#[query]
async fn above(expiring: bool, cx: &QueryContext) -> i64 {
    ran(cx, "above");
    10 * if expiring {
        fresh(cx).await
    } else {
        outside(cx).await
    }
}

#[query]
async fn top(expiring: bool, cx: &QueryContext) -> i64 {
    ran(cx, "top");
    1 + above(expiring, cx).await
}

async fn ask(rt: &Arc<Runtime>, expiring: bool) -> i64 {
    rt.query(|cx| async move { top(expiring, &cx).await }).await
}

#[tokio::test]
async fn an_untracked_query_runs_once_a_revision() {
    soon(async {
        let (rt, hand) = Hand::runtime();
        assert_eq!(ask(&rt, false).await, 1);
        hand.ran(&["above", "outside", "top"]);
        for unrelated in 1..5 {
            hand.world.set(unrelated / 2);
            assert_eq!(ask(&rt, false).await, 1 + 10 * ((unrelated - 1) / 2));
            let (again, direct) = join!(
                ask(&rt, false),
                rt.query(|cx| async move { outside(&cx).await })
            );
            assert_eq!(again, 1 + 10 * direct);
            hand.ran(&[]);

            put(&rt, 7, unrelated).await;
            let all = join_all((0..5).map(|_| ask(&rt, false))).await;
            assert_eq!(all, [1 + 10 * (unrelated / 2); 5]);
            if unrelated % 2 == 0 {
                hand.ran(&["above", "outside", "top"]);
            } else {
                hand.ran(&["outside"]);
            }
        }
    })
    .await;
}

/// A value that was evicted takes along that it was of the outside.
#[tokio::test]
async fn an_untracked_query_runs_again_though_its_value_went() {
    #[query]
    async fn reader(cx: &QueryContext) -> i64 {
        glance(0, cx).await
    }
    soon(async {
        let (rt, hand) = Hand::runtime();
        for round in 1..4 {
            hand.world.set(round);
            put(&rt, 7, round).await;
            assert_eq!(rt.query(|cx| async move { reader(&cx).await }).await, round);
            let other = rt.query(|cx| async move { glance(100, &cx).await });
            assert_eq!(other.await, round + 100);
        }
    })
    .await;
}

/// Also when revisions went by without anybody asking.
#[tokio::test]
async fn a_snapshot_keeps_what_an_untracked_query_saw() {
    soon(async {
        let (rt, hand) = Hand::runtime();
        assert_eq!(ask(&rt, false).await, 1);
        hand.ran(&["above", "outside", "top"]);
        let snapshot = rt.snapshot();
        for round in 1..4 {
            hand.world.set(round);
            put(&rt, 7, 2 * round).await;
            put(&rt, 7, 2 * round + 1).await;
            assert_eq!(ask(&rt, false).await, 1 + 10 * round);
            let then = snapshot.query(|cx| async move { top(false, &cx).await });
            assert_eq!(then.await, 1);
            hand.ran(&["above", "outside", "top"]);
        }
    })
    .await;
}

/// By a query or by the closure itself.
#[tokio::test]
async fn a_watch_that_sees_the_outside_looks_at_every_revision() {
    soon(async {
        for through_query in [true, false] {
            let (rt, hand) = Hand::runtime();
            let mut watch = rt.watch(move |cx| async move {
                ran(&cx, "look");
                if through_query {
                    return top(false, &cx).await;
                }
                cx.untracked();
                1 + 10 * see(&cx)
            });
            assert_eq!(watch.next().await, Some(1));
            for round in 1..4 {
                hand.counts.take();
                put(&rt, 7, 2 * round).await;
                for _ in 0..20 {
                    assert!(poll!(pin!(watch.next())).is_pending());
                    tokio::task::yield_now().await;
                }
                assert_eq!(hand.counts.of("look"), 1);
                hand.world.set(round);
                put(&rt, 7, 2 * round + 1).await;
                assert_eq!(watch.next().await, Some(1 + 10 * round));
                assert_eq!(hand.counts.of("look"), 2);
            }
        }
    })
    .await;
}
