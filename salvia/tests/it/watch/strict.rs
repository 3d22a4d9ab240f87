//! What wakes a watch and what does not, and what it keeps.
use super::{Wakes, look, value};
use crate::kit::{boom, counted, gated, panic_text, pass, put, soon};
use salvia::Runtime;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;

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
