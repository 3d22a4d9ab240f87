//! What wakes a watch and what does not, and what it keeps.
use super::{Wakes, look, value};
use crate::kit::{Slot, boom, counted, gated, panic_text, pass, put, soon, within};
use futures::{Stream, poll};
use salvia::{QueryContext, Revision, Runtime, query};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

/// It is dropped by everybody while an evaluation waits for something else.
#[tokio::test]
async fn an_evaluation_does_not_keep_the_runtime() {
    soon(async {
        let (rt, _, gate) = gated();
        let mut watch = rt.watch(|cx| async move {
            pass(&cx).await;
            1
        });
        let wakes = Arc::<Wakes>::default();
        assert!(wakes.poll(&mut watch).await.is_pending());
        let weak = Arc::downgrade(&rt);
        drop(rt);
        let _ = gate;
        let gone: Option<Arc<Runtime>> = weak.upgrade();
        assert!(gone.is_none());
    })
    .await;
}

#[tokio::test]
async fn what_is_read_no_more_does_not_wake() {
    soon(async {
        let (rt, _) = counted();
        let mut watch = rt.watch(|cx| async move {
            if value(1, &cx).await == 0 {
                value(2, &cx).await
            } else {
                7
            }
        });
        let wakes = Arc::<Wakes>::default();
        assert!(wakes.poll(&mut watch).await.is_ready());
        assert!(wakes.poll(&mut watch).await.is_pending());
        put(&rt, 1, 1).await;
        assert!(wakes.poll(&mut watch).await.is_ready());
        assert!(wakes.poll(&mut watch).await.is_pending());
        put(&rt, 3, 1).await;
        assert!(wakes.poll(&mut watch).await.is_pending());
        let before = wakes.count();
        put(&rt, 2, 1).await;
        assert_eq!(wakes.count(), before);
    })
    .await;
}

#[tokio::test]
async fn an_unrelated_change_wakes_nothing() {
    soon(async {
        let (rt, counts) = counted();
        let (mut watch, wakes) = (look(&rt), Arc::<Wakes>::default());
        assert_eq!(wakes.poll(&mut watch).await, Poll::Ready(Some(0)));
        for round in 1..4 {
            counts.take();
            let before = wakes.count();
            assert!(wakes.poll(&mut watch).await.is_pending());
            for unrelated in 1..=20 {
                put(&rt, 2, round * 100 + unrelated).await;
                put(&rt, 1, round - 1).await;
            }
            assert_eq!(wakes.count(), before, "round {round}");
            assert!(wakes.poll(&mut watch).await.is_pending());
            assert!(counts.take().is_empty(), "nothing is evaluated");

            put(&rt, 1, round).await;
            assert_eq!(wakes.count(), before + 1, "round {round}");
            assert_eq!(wakes.poll(&mut watch).await, Poll::Ready(Some(round)));
        }
    })
    .await;
}

/// Before its first await and after one, it goes to whoever polls; the watch goes on from there.
#[tokio::test]
async fn a_panic_of_the_closure_goes_to_who_polls_and_the_watch_goes_on() {
    soon(async {
        for at_once in [true, false] {
            let (rt, _) = counted();
            let broken = Arc::new(AtomicBool::new(true));
            let is_broken = broken.clone();
            let mut watch = rt.watch(move |cx| {
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
            assert_eq!(panic_text(watch.next()).await, "closure");
            broken.store(false, Ordering::SeqCst);
            put(&rt, 1, 1).await;
            assert_eq!(watch.next().await, Some(1));
            put(&rt, 1, 2).await;
            assert_eq!(watch.next().await, Some(2));
            let wakes = Arc::<Wakes>::default();
            assert_eq!(wakes.poll(&mut watch).await, Poll::Pending);
            drop(rt);
            assert_eq!(watch.next().await, None);
        }
    })
    .await;
}

/// Notes which revision is there when it is woken.
struct Seen(Arc<Runtime>, Mutex<Vec<Revision>>);

impl Wake for Seen {
    fn wake(self: Arc<Self>) {
        let revision = self.0.revision();
        self.1.lock().expect("nobody panicked").push(revision);
    }
}

/// Before, it would evaluate at the revision before and sleep for ever.
#[tokio::test]
async fn a_watch_is_woken_when_the_revision_is_there() {
    soon(async {
        let (rt, _) = counted();
        let mut watch = look(&rt);
        let seen = Arc::new(Seen(rt.clone(), Mutex::default()));
        for round in 1..4 {
            assert_eq!(watch.next().await, Some(round - 1));
            let waker = Waker::from(seen.clone());
            let polled = Pin::new(&mut watch).poll_next(&mut Context::from_waker(&waker));
            assert!(polled.is_pending());
            put(&rt, 1, round).await;
            let seen = std::mem::take(&mut *seen.1.lock().expect("nobody panicked"));
            assert_eq!(seen, [rt.revision()]);
        }
    })
    .await;
}

/// The evaluation hears of it while it runs and ends before it is in force: the watch is clean no more, and not told again.
#[tokio::test]
async fn a_change_told_during_an_evaluation_wakes_when_it_is_published() {
    const READERS: u32 = 10_000;
    #[query]
    async fn reader(n: u32, cx: &QueryContext) -> i64 {
        i64::from(n) + Slot(1).get(cx).await
    }
    within(20, async {
        let (rt, _, gate) = gated();
        rt.query(|cx| async move {
            for n in 0..READERS {
                reader(n, &cx).await;
            }
        })
        .await;
        let mut watch = rt.watch(|cx| async move {
            let read: i64 = Slot(1).get(&cx).await;
            pass(&cx).await;
            read
        });
        let wakes = Arc::<Wakes>::default();
        assert!(wakes.poll(&mut watch).await.is_pending());
        gate.entered().await;
        // A long commit tells who came last first.
        let mut mutation = Box::pin(put(&rt, 1, 1));
        assert!(poll!(&mut mutation).is_pending(), "too few are affected");
        gate.open();
        assert_eq!(wakes.poll(&mut watch).await, Poll::Ready(Some(0)));
        assert!(wakes.poll(&mut watch).await.is_pending());
        let before = wakes.count();
        mutation.await;
        assert_eq!(wakes.count(), before + 1);
        assert_eq!(wakes.poll(&mut watch).await, Poll::Ready(Some(1)));
    })
    .await;
}
