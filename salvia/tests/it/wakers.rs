//! Foreign wakers: one that panics takes nothing with it, and one whose waiter has gone is not kept.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Wake, Waker};

use salvia::{QueryContext, Runtime, query};
use tokio::sync::Notify;

use crate::kit::{Gate, Slot, boom, gated, pass, put, ran, runtime, soon};

/// Reads slot 0, then waits at the gate.
#[query]
async fn slow(cx: &QueryContext) -> i64 {
    ran(cx, "slow");
    let value: i64 = Slot(0).get(cx).await;
    pass(cx).await;
    value + 1
}

type Asking = Pin<Box<dyn Future<Output = i64>>>;

/// A request for `slow`, polled by hand until it has its answer.
fn ask(rt: &Arc<Runtime>) -> Asking {
    let rt = rt.clone();
    Box::pin(async move { rt.query(|cx| async move { slow(&cx).await }).await })
}

fn is_pending(asking: &mut Asking, waker: &Waker) -> bool {
    asking
        .as_mut()
        .poll(&mut Context::from_waker(waker))
        .is_pending()
}

/// A waker that panics.
struct Bomb;

impl Wake for Bomb {
    fn wake(self: Arc<Self>) {
        boom("a waker that panics");
    }
}

/// A waker that tells the test.
#[derive(Default)]
struct Bell(Notify);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.0.notify_one();
    }
}

/// A request that waits for `slow` in the hand of a waker.
struct Waiter {
    bell: Arc<Bell>,
    asking: Asking,
}

impl Waiter {
    fn begin(rt: &Arc<Runtime>) -> Self {
        let (bell, mut asking) = (Arc::<Bell>::default(), ask(rt));
        assert!(is_pending(&mut asking, &bell.clone().into()));
        Waiter { bell, asking }
    }

    /// Does not look before it is woken.
    async fn woken(self) -> i64 {
        self.bell.0.notified().await;
        self.asking.await
    }
}

/// Everybody who waits for an update is woken, whatever the waker of another does.
#[tokio::test]
async fn a_waker_that_panics_leaves_the_other_waiters_woken() {
    soon(async {
        let (rt, counts, gate) = gated();
        let before = Waiter::begin(&rt);
        let mut bomb = ask(&rt);
        assert!(is_pending(&mut bomb, &Arc::new(Bomb).into()));
        let after = Waiter::begin(&rt);
        gate.open();
        assert_eq!(before.woken().await, 1);
        assert_eq!(after.woken().await, 1);
        assert_eq!(bomb.await, 1);
        assert_eq!(counts.of("slow"), 1);
    })
    .await;
}

/// A commit tells a running update of a change, which wakes who hoped to take its result: that is no danger to the commit.
#[tokio::test]
async fn a_waker_that_panics_does_not_lose_a_commit() {
    soon(async {
        let (rt, _, gate) = gated();
        let mut leader = ask(&rt);
        assert!(is_pending(&mut leader, Waker::noop()));
        gate.entered().await;
        // A newer revision, in which as far as anybody knows `slow` is the same.
        put(&rt, 1, 1).await;
        let before = Waiter::begin(&rt);
        let mut bomb = ask(&rt);
        assert!(is_pending(&mut bomb, &Arc::new(Bomb).into()));
        let after = Waiter::begin(&rt);

        let revision = rt.revision();
        put(&rt, 0, 5).await;
        assert!(rt.revision() > revision);
        assert_eq!(
            rt.query(|cx| async move { Slot(0).get(&cx).await }).await,
            5
        );
        gate.open();
        assert_eq!(before.woken().await, 1);
        assert_eq!(after.woken().await, 1);
        assert_eq!((leader.await, bomb.await), (1, 1));
        assert_eq!(ask(&rt).await, 6);
        // And the writers' turn is free.
        put(&rt, 0, 6).await;
        assert_eq!(ask(&rt).await, 7);
    })
    .await;
}

/// A waiter that is dropped takes its waker out of the list of the update it waited for.
#[tokio::test]
async fn cancelled_waiters_leave_nothing_behind() {
    soon(async {
        let (rt, counts, gate): (_, _, Gate) = gated();
        let mut leader = ask(&rt);
        assert!(is_pending(&mut leader, Waker::noop()));
        gate.entered().await;
        let bell = Arc::<Bell>::default();
        let waker = Waker::from(bell.clone());
        for _ in 0..1_000 {
            let mut cancelled = ask(&rt);
            assert!(is_pending(&mut cancelled, &waker));
            assert!(Arc::strong_count(&bell) > 2, "it waits");
            drop(cancelled);
            assert_eq!(Arc::strong_count(&bell), 2, "the list keeps a waker");
        }
        gate.open();
        assert_eq!(leader.await, 1);
        assert_eq!(counts.of("slow"), 1);
    })
    .await;
}

/// A waker that counts the hits that are known when it is called.
struct Hits {
    rt: Arc<Runtime>,
    known: AtomicU64,
    bell: Notify,
}

impl Wake for Hits {
    fn wake(self: Arc<Self>) {
        self.known.store(self.rt.stats().hits, Ordering::SeqCst);
        self.bell.notify_one();
    }
}

/// Who waits for a task is woken when nothing is left of its work: it has let go of its revision, and its hits are counted.
#[tokio::test]
async fn who_waits_for_a_task_is_woken_once_the_work_is_gone() {
    #[query]
    async fn one(_cx: &QueryContext) -> i64 {
        1
    }
    #[query(spawn)]
    async fn thrice(cx: &QueryContext) -> i64 {
        one(cx).await + one(cx).await + one(cx).await
    }
    soon(async {
        let rt = runtime();
        let hits = Arc::new(Hits {
            rt: rt.clone(),
            known: AtomicU64::new(0),
            bell: Notify::new(),
        });
        let mut asking: Asking = Box::pin({
            let rt = rt.clone();
            async move { rt.query(|cx| async move { thrice(&cx).await }).await }
        });
        let waker = Waker::from(hits.clone());
        assert!(is_pending(&mut asking, &waker));
        hits.bell.notified().await;
        assert_eq!(hits.known.load(Ordering::SeqCst), 2);
        assert_eq!(asking.await, 3);
    })
    .await;
}
