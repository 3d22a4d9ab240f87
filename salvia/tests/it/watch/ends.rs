//! How watches end and how they fail: with the runtime, dropped half-way, and by a panic below or in the closure.

use std::future::pending;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock, Weak};
use std::task::Poll;

use futures::poll;
use salvia::{Input, InputAccess, QueryContext, Runtime, Watch, query};

use super::{Wakes, look, value};
use crate::kit::{
    Gate, Live, Tracked, boom, builder, counted, gated, panic_text, pass, put, ran, soon,
};

/// Dropped or shut down, the runtime is gone for the watch.
async fn end(rt: Arc<Runtime>, shutdown: bool) {
    if shutdown {
        rt.shutdown().await;
    }
}

#[tokio::test]
async fn a_watch_ends_with_its_runtime() {
    soon(async {
        for shutdown in [false, true] {
            let (rt, _) = counted();
            let (mut unpolled, mut clean, mut dirty) = (look(&rt), look(&rt), look(&rt));
            assert_eq!(clean.next().await, Some(0));
            assert_eq!(dirty.next().await, Some(0));
            let wakes = Arc::<Wakes>::default();
            assert!(wakes.poll(&mut clean).await.is_pending());
            put(&rt, 1, 1).await;
            assert_eq!(clean.next().await, Some(1));
            end(rt, shutdown).await;
            for watch in [&mut unpolled, &mut clean, &mut dirty] {
                assert_eq!(watch.next().await, None);
                assert_eq!(watch.next().await, None, "for good");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_sleeping_watch_is_woken_by_the_end() {
    soon(async {
        for shutdown in [false, true] {
            let (rt, _) = counted();
            let (mut watch, asleep) = (look(&rt), Gate::default());
            let fell_asleep = asleep.clone();
            let task = tokio::spawn(async move {
                assert_eq!(watch.next().await, Some(0));
                let mut next = pin!(watch.next());
                assert!(poll!(next.as_mut()).is_pending());
                fell_asleep.open();
                next.await
            });
            asleep.pass().await;
            end(rt, shutdown).await;
            assert_eq!(task.await.expect("its assertions hold"), None);
        }
    })
    .await;
}

#[tokio::test]
async fn a_watch_ends_when_its_evaluation_is_cut_short_by_a_shutdown() {
    #[query]
    async fn stuck(cx: &QueryContext) -> i64 {
        pass(cx).await;
        1
    }
    soon(async {
        let (rt, _, gate) = gated();
        let mut watch = rt.watch(|cx| async move { stuck(&cx).await });
        let task = tokio::spawn(async move { watch.next().await });
        gate.entered().await;
        rt.shutdown().await;
        assert_eq!(task.await.expect("it does not panic"), None);
    })
    .await;
}

/// The watch is still there when all that it has looked at is gone.
#[tokio::test]
async fn a_watch_keeps_neither_the_runtime_nor_its_values() {
    #[derive(Debug, Clone, PartialEq, Eq, Hash, InputAccess)]
    struct Host(Tracked);
    impl Input<Tracked> for Host {
        fn initial(&self) -> Tracked {
            self.0.clone()
        }
    }
    #[query]
    async fn tracked(key: Tracked, cx: &QueryContext) -> Tracked {
        Host(key).get(cx).await
    }
    soon(async {
        for asleep in [false, true] {
            let live = Live::default();
            let (rt, _) = counted();
            let watched = live.clone();
            let mut watch = rt.watch(move |cx| {
                let key = Tracked::new(1, &watched);
                async move { tracked(key, &cx).await.0 }
            });
            assert_eq!(watch.next().await, Some(1));
            let (host, next) = (Host(Tracked::new(1, &live)), Tracked::new(2, &live));
            rt.mutate(|cx| async move { host.set(next, &cx).await })
                .await;
            assert_eq!(watch.next().await, Some(2));
            if asleep {
                assert!(poll!(pin!(watch.next())).is_pending());
            }
            assert!(live.count() > 0);
            drop(rt);
            live.settles_at(0).await;
            assert_eq!(watch.next().await, None);
        }
    })
    .await;
}

/// In a query, in the closure after one, and before the first value as well as after it.
#[tokio::test]
async fn a_watch_dropped_in_an_evaluation_leaves_nothing_behind() {
    #[query]
    async fn waits(cx: &QueryContext) -> i64 {
        let _held = cx.resource::<Live>().token();
        if value(1, cx).await < 0 {
            pass(cx).await;
        }
        value(1, cx).await
    }
    soon(async {
        for (first, in_query) in [(true, true), (true, false), (false, true), (false, false)] {
            let (live, gate) = (Live::default(), Gate::default());
            let rt = builder()
                .resource(crate::kit::Counts::default())
                .resource(live.clone())
                .resource(gate.clone())
                .build();
            let token = live.token();
            let mut watch = rt.watch(move |cx| {
                let token = token.clone();
                async move {
                    let value = if in_query {
                        waits(&cx).await
                    } else {
                        value(1, &cx).await
                    };
                    if value < 0 && !in_query {
                        pending::<()>().await;
                    }
                    drop(token);
                    value
                }
            });
            if !first {
                assert_eq!(watch.next().await, Some(0));
            }
            put(&rt, 1, -1).await;
            assert!(poll!(pin!(watch.next())).is_pending());
            drop(watch);
            live.settles_at(0).await;

            for value in 1..4 {
                put(&rt, 1, value).await;
                assert_eq!(rt.query(|cx| async move { waits(&cx).await }).await, value);
                assert_eq!(look(&rt).next().await, Some(value));
            }
            assert_eq!(Arc::strong_count(&rt), 1);
        }
    })
    .await;
}

#[query]
async fn not_negative(cx: &QueryContext) -> i64 {
    let read = value(1, cx).await;
    if read < 0 {
        boom("negative");
    }
    read
}

/// The first time and later: no value while it fails, one try a revision, and the value after the repair.
#[tokio::test]
async fn a_failing_evaluation_is_tried_again_at_every_revision() {
    soon(async {
        for first in [true, false] {
            let (rt, counts) = counted();
            let mut watch = rt.watch(|cx| async move {
                ran(&cx, "look");
                not_negative(&cx).await
            });
            if !first {
                assert_eq!(watch.next().await, Some(0));
            }
            let wakes = Arc::<Wakes>::default();
            put(&rt, 1, -1).await;
            for unrelated in 1..4 {
                counts.take();
                assert!(wakes.poll(&mut watch).await.is_pending());
                assert_eq!(counts.of("look"), 1);
                let before = wakes.count();
                put(&rt, 2, unrelated).await;
                assert_eq!(wakes.count(), before + 1);
            }
            if !first {
                put(&rt, 1, 0).await;
                assert!(
                    wakes.poll(&mut watch).await.is_pending(),
                    "the value it gave last"
                );
            }
            put(&rt, 1, 3).await;
            assert_eq!(watch.next().await, Some(3));
            counts.take();
            put(&rt, 2, 9).await;
            assert!(wakes.poll(&mut watch).await.is_pending());
            assert!(
                counts.take().is_empty(),
                "what is repaired is not looked at again"
            );
        }
    })
    .await;
}

/// A query that fails in a task of its own wakes the watch, which goes on.
#[query]
async fn odd_fails(cx: &QueryContext) -> i64 {
    let value = value(1, cx).await;
    if value % 2 != 0 {
        boom("odd");
    }
    value
}

#[query]
async fn watches(cx: &QueryContext) -> Option<i64> {
    let rt = cx.resource::<OnceLock<Weak<Runtime>>>();
    let rt = rt.get().and_then(Weak::upgrade);
    look(&rt.expect("it is there while it is asked"))
        .next()
        .await
}

#[tokio::test]
async fn a_watch_in_a_body_is_refused_with_what_to_do() {
    soon(async {
        let rt = builder().resource(OnceLock::<Weak<Runtime>>::new()).build();
        let known = rt
            .query(async |cx| cx.resource::<OnceLock<Weak<Runtime>>>())
            .await;
        known.set(Arc::downgrade(&rt)).expect("it is set once");
        let asked = rt.try_query(async |cx| watches(&cx).await).await;
        let error = asked.expect_err("it is refused").to_string();
        assert!(
            error.contains("ask through the query's own context"),
            "{error}"
        );
    })
    .await;
}

/// What a failure was made of is not recorded, so the watch looks at every revision until it is over.
#[tokio::test]
async fn a_failure_that_the_closure_handles_is_looked_at_again() {
    soon(async {
        let (rt, _) = counted();
        let mut watch = rt.watch(|cx| async move { odd_fails(&cx).catch().await.ok() });
        for (next, expected) in [
            (0, Some(0)),
            (1, None),
            (2, Some(2)),
            (3, None),
            (4, Some(4)),
        ] {
            put(&rt, 1, next).await;
            assert_eq!(watch.next().await, Some(expected));
        }
    })
    .await;
}

#[tokio::test]
async fn a_failure_in_a_task_of_its_own_is_no_different() {
    #[query]
    async fn late(cx: &QueryContext) -> i64 {
        pass(cx).await;
        not_negative(cx).await
    }
    soon(async {
        let (rt, _, gate) = gated();
        put(&rt, 1, -1).await;
        let mut watch = rt.watch(|cx| async move { late(&cx).await });
        let task = tokio::spawn(async move { watch.next().await });
        gate.entered().await;
        gate.open();
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        assert!(!task.is_finished());
        put(&rt, 1, 8).await;
        assert_eq!(task.await.expect("it does not panic"), Some(8));
    })
    .await;
}

/// A watch whose closure panics as long as it is broken: before its first await, or after one.
fn breakable(rt: &Arc<Runtime>, at_once: bool) -> (Watch<i64>, Arc<AtomicBool>) {
    let broken = Arc::new(AtomicBool::new(true));
    let is_broken = broken.clone();
    let watch = rt.watch(move |cx| {
        let broken = is_broken.load(Ordering::SeqCst);
        if broken && at_once {
            boom("closure");
        }
        async move {
            let value = value(1, &cx).await;
            if broken {
                boom("closure");
            }
            value
        }
    });
    (watch, broken)
}

#[tokio::test]
async fn a_panic_of_the_closure_goes_to_who_polls_and_to_nobody_else() {
    soon(async {
        for at_once in [true, false] {
            let (rt, _) = counted();
            let (mut broken, mut another) = (breakable(&rt, at_once).0, look(&rt));
            assert_eq!(another.next().await, Some(0));
            assert_eq!(panic_text(broken.next()).await, "closure");
            put(&rt, 1, 1).await;
            assert_eq!(another.next().await, Some(1));
            drop(broken);
            put(&rt, 1, 2).await;
            assert_eq!(another.next().await, Some(2));
            assert_eq!(Arc::strong_count(&rt), 1);
        }
    })
    .await;
}

#[tokio::test]
async fn a_watch_goes_on_after_a_panic_before_its_first_await() {
    soon(async {
        let (rt, _) = counted();
        let (mut watch, broken) = breakable(&rt, true);
        for round in 1..4 {
            broken.store(true, Ordering::SeqCst);
            put(&rt, 1, -round).await;
            assert_eq!(panic_text(watch.next()).await, "closure");
            broken.store(false, Ordering::SeqCst);
            put(&rt, 1, round).await;
            assert_eq!(watch.next().await, Some(round));
        }
        let wakes = Arc::<Wakes>::default();
        assert_eq!(wakes.poll(&mut watch).await, Poll::Pending);
        drop(rt);
        assert_eq!(watch.next().await, None);
    })
    .await;
}
