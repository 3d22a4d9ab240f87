//! Watches: a closure's values as they change, no evaluation without a reason, and no value lost.
//!
//! Evaluations are counted as the bodies' are: the closures note theirs.

mod ends;
mod strict;

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use futures::future::join_all;
use futures::{Stream, StreamExt, poll};
use salvia::{QueryContext, Runtime, Watch, query};
use tokio::join;

use crate::kit::{Slot, counted, gated, pass, put, ran, soon, within};

#[query]
async fn value(n: u32, cx: &QueryContext) -> i64 {
    ran(cx, format!("value({n})"));
    Slot(n).get(cx).await
}

#[query]
async fn is_odd(n: u32, cx: &QueryContext) -> bool {
    ran(cx, format!("is_odd({n})"));
    value(n, cx).await % 2 != 0
}

/// Watches the value of slot 1 and notes each evaluation.
fn look(rt: &Arc<Runtime>) -> Watch<i64> {
    rt.watch(|cx| async move {
        ran(&cx, "look");
        value(1, &cx).await
    })
}

/// A waker that counts.
#[derive(Default)]
struct Wakes(AtomicUsize);

impl Wakes {
    fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }

    /// Polls a watch with this waker until it is ready or nothing goes on any more: an update that took long before is given a
    /// task, so one poll says nothing.
    async fn poll<T>(self: &Arc<Self>, watch: &mut Watch<T>) -> Poll<Option<T>>
    where
        T: Clone + PartialEq + Send + 'static,
    {
        let waker = Waker::from(self.clone());
        for _ in 0..20 {
            let polled = Pin::new(&mut *watch).poll_next(&mut Context::from_waker(&waker));
            if polled.is_ready() {
                return polled;
            }
            tokio::task::yield_now().await;
        }
        Poll::Pending
    }
}

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// How often each closure or body ran, by name.
fn noted(list: &[&str]) -> Vec<String> {
    list.iter().map(|name| (*name).to_owned()).collect()
}

#[tokio::test]
async fn a_watch_gives_the_first_value_and_then_each_different_one() {
    soon(async {
        let (rt, counts) = counted();
        let mut watch = look(&rt);
        assert!(counts.take().is_empty(), "it does nothing until polled");
        assert_eq!(watch.next().await, Some(0));
        assert_eq!(counts.take(), noted(&["look", "value(1)"]));
        for next in [1, 2, 7, 0, 1] {
            put(&rt, 1, next).await;
            assert_eq!(watch.next().await, Some(next));
            assert_eq!(counts.take(), noted(&["look", "value(1)"]));
        }
    })
    .await;
}

#[tokio::test]
async fn a_change_that_is_cut_off_below_is_looked_at_once_and_gives_nothing() {
    soon(async {
        let (rt, counts) = counted();
        let mut watch = rt.watch(|cx| async move {
            ran(&cx, "look");
            is_odd(1, &cx).await
        });
        let wakes = Arc::<Wakes>::default();
        assert_eq!(watch.next().await, Some(false));
        for even in [2, 4, 6] {
            counts.take();
            put(&rt, 1, even).await;
            assert!(wakes.poll(&mut watch).await.is_pending());
            assert!(counts.of("look") <= 1, "{:?}", counts.take());
            assert_eq!((counts.of("value(1)"), counts.of("is_odd(1)")), (1, 1));
        }
        put(&rt, 1, 7).await;
        assert_eq!(watch.next().await, Some(true));
    })
    .await;
}

#[tokio::test]
async fn a_watch_passes_over_what_comes_between_two_polls() {
    soon(async {
        let (rt, counts) = counted();
        let (mut watch, wakes) = (look(&rt), Arc::<Wakes>::default());
        put(&rt, 1, -1).await;
        assert_eq!(watch.next().await, Some(-1));
        for hundred in [100, 200] {
            counts.take();
            for next in 1..=100 {
                put(&rt, 1, hundred + next).await;
            }
            assert_eq!(watch.next().await, Some(hundred + 100));
            assert!(wakes.poll(&mut watch).await.is_pending());
            assert_eq!(counts.take(), noted(&["look", "value(1)"]));
        }
        // There and back is no difference.
        put(&rt, 1, 4).await;
        put(&rt, 1, 300).await;
        assert!(wakes.poll(&mut watch).await.is_pending());
    })
    .await;
}

/// Two inputs are stamped alike, with the number of the revision they make.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_value_is_of_one_revision_and_none_goes_back() {
    const LAST: i64 = 500;
    within(20, async {
        let (rt, _) = counted();
        let mut watch = rt.watch(|cx| async move {
            let (direct, through) = join!(Slot(1).get(&cx), value(2, &cx));
            tokio::task::yield_now().await;
            let stamps: [i64; 3] = [direct, through, value(1, &cx).await];
            (stamps, cx.revision().to_string())
        });
        let writing = rt.clone();
        let writer = tokio::spawn(async move {
            for stamp in 1..=LAST {
                let both = |cx| async move {
                    Slot(1).set(stamp, &cx).await;
                    tokio::task::yield_now().await;
                    Slot(2).set(stamp, &cx).await;
                };
                writing.mutate(both).await;
            }
        });
        let mut before = -1;
        while before < LAST {
            let (stamps, revision) = watch.next().await.expect("the runtime is there");
            assert_eq!(stamps, [stamps[0]; 3]);
            assert_eq!(revision, format!("r{}", stamps[0]));
            assert!(stamps[0] > before, "{} after {before}", stamps[0]);
            before = stamps[0];
        }
        writer.await.expect("it writes without trouble");
    })
    .await;
}

/// In a query and in the closure itself, before and after the input is read.
#[tokio::test]
async fn a_change_during_an_evaluation_is_not_missed() {
    #[query]
    async fn late(first: bool, cx: &QueryContext) -> i64 {
        around(first, cx).await
    }
    async fn around(first: bool, cx: &QueryContext) -> i64 {
        if first {
            let read = value(1, cx).await;
            pass(cx).await;
            return read;
        }
        pass(cx).await;
        value(1, cx).await
    }
    soon(async {
        for (in_query, first) in [(true, true), (true, false), (false, true), (false, false)] {
            let (rt, counts, gate) = gated();
            let mut watch = rt.watch(move |cx| async move {
                ran(&cx, "look");
                if in_query {
                    late(first, &cx).await
                } else {
                    around(first, &cx).await
                }
            });
            let change = async {
                gate.entered().await;
                put(&rt, 1, 5).await;
                gate.open();
            };
            let (value, ()) = join!(watch.next(), change);
            assert_eq!(value, Some(0), "of the revision it began at");
            assert_eq!(watch.next().await, Some(5));
            assert_eq!(counts.of("look"), 2);
            assert!(poll!(pin!(watch.next())).is_pending());
        }
    })
    .await;
}

#[tokio::test]
async fn a_thousand_watches_share_what_they_watch() {
    within(10, async {
        let (rt, counts) = counted();
        #[query]
        async fn one_of_fifty(n: u32, cx: &QueryContext) -> i64 {
            ran(cx, "one_of_fifty");
            i64::from(n) + Slot(0).get(cx).await
        }
        let watch = |n: u32| rt.watch(move |cx| async move { one_of_fifty(n % 50, &cx).await });
        let mut watches: Vec<_> = (0..1_000).map(watch).collect();
        for round in 0..3 {
            put(&rt, 0, round).await;
            let values = join_all(watches.iter_mut().map(Watch::next)).await;
            for (n, value) in values.into_iter().enumerate() {
                assert_eq!(value, Some(n as i64 % 50 + round));
            }
            assert_eq!(counts.take().len(), 50);
        }
    })
    .await;
}

#[tokio::test]
async fn a_watch_is_a_stream() {
    soon(async {
        let (rt, _) = counted();
        let values: Vec<_> = look(&rt).take(1).collect().await;
        assert_eq!(values, [0]);
        let counting = look(&rt).take(4).then(|value| {
            let rt = rt.clone();
            async move {
                put(&rt, 1, value + 1).await;
                value
            }
        });
        assert_eq!(counting.collect::<Vec<_>>().await, [0, 1, 2, 3]);
    })
    .await;
}

/// Each poll is of a new `next`, while queries and the closure yield.
#[tokio::test]
async fn next_may_be_dropped_between_any_two_polls() {
    #[query]
    async fn slow(cx: &QueryContext) -> i64 {
        tokio::task::yield_now().await;
        value(1, cx).await
    }
    soon(async {
        let (rt, counts) = counted();
        let mut watch = rt.watch(|cx| async move {
            ran(&cx, "look");
            tokio::task::yield_now().await;
            let value = slow(&cx).await;
            tokio::task::yield_now().await;
            value
        });
        for next in 0..4 {
            put(&rt, 1, next).await;
            let mut polls = 0;
            loop {
                polls += 1;
                if let Poll::Ready(value) = poll!(pin!(watch.next())) {
                    assert_eq!(value, Some(next));
                    break;
                }
                tokio::task::yield_now().await;
            }
            assert!(polls > 2, "there was nothing to drop");
            assert_eq!(counts.take(), noted(&["look", "value(1)"]));
        }
    })
    .await;
}

/// While such a commit goes on the watch sees the revision before; it is woken when all is there.
#[tokio::test]
async fn a_watch_over_a_long_commit_gives_the_new_value() {
    const READERS: u32 = 10_000;
    #[query]
    async fn reader(n: u32, cx: &QueryContext) -> i64 {
        i64::from(n) + Slot(1).get(cx).await
    }
    #[query]
    async fn sum(cx: &QueryContext) -> i64 {
        let readers: Vec<_> = (0..READERS).map(|n| reader(n, cx)).collect();
        join_all(readers).await.into_iter().sum()
    }
    within(20, async {
        let plain = |slot: i64| {
            let readers = i64::from(READERS);
            Poll::Ready(Some(readers * (readers - 1) / 2 + readers * slot))
        };
        for dropped in [false, true] {
            let (rt, _) = counted();
            let watch = || rt.watch(|cx| async move { sum(&cx).await });
            let (mut watch, mut another) = (watch(), watch());
            let wakes = Arc::<Wakes>::default();
            assert_eq!(Poll::Ready(watch.next().await), plain(0));
            assert!(wakes.poll(&mut watch).await.is_pending());

            let mut mutation = Box::pin(put(&rt, 1, 1));
            assert!(poll!(&mut mutation).is_pending(), "too few are affected");
            assert!(wakes.poll(&mut watch).await.is_pending());
            assert_eq!(Poll::Ready(another.next().await), plain(0));
            if dropped {
                drop(mutation);
            } else {
                mutation.await;
            }
            assert_eq!(
                Poll::Ready(watch.next().await),
                plain(1),
                "dropped: {dropped}"
            );
            assert_eq!(Poll::Ready(another.next().await), plain(1));
        }
    })
    .await;
}

/// Whatever the closure gives: it need be neither `Sync` nor `Eq`.
#[tokio::test]
async fn a_watch_may_be_sent() {
    fn send<T: Send + Unpin>(_: &T) {}
    fn future<T: Future + Send>(_: &T) {}
    soon(async {
        let (rt, _) = counted();
        let mut watch = rt.watch(|cx| async move {
            let value: i64 = Slot(1).get(&cx).await;
            (std::cell::Cell::new(value), value as f64)
        });
        send(&watch);
        future(&watch.next());
        assert!(format!("{watch:?}").starts_with("Watch"));
        let value = tokio::spawn(async move { watch.next().await }).await;
        let value = value.expect("it runs").expect("the runtime is there");
        assert_eq!((value.0.get(), value.1), (0, 0.0));
    })
    .await;
}
