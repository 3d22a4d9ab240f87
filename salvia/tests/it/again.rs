//! What a body reads again is still subscribed to, or is once more.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock, Weak};

use salvia::{QueryContext, Runtime, query};
use tokio::task::JoinHandle;

use crate::kit::{Gate, Slot, builder, gated, pass, put, soon};

/// Changes with every second value only.
#[query]
async fn half(slot: u32, cx: &QueryContext) -> i64 {
    Slot(slot).get(cx).await / 2
}

/// Waits at the gate after three reads, if the first says so.
#[query]
async fn halves(cx: &QueryContext) -> i64 {
    let waits = half(0, cx).await == 1;
    let mut sum = 0;
    for slot in 1..7 {
        if slot == 3 && waits {
            pass(cx).await;
        }
        sum += half(slot, cx).await;
    }
    sum
}

async fn ask(rt: &Arc<Runtime>) -> i64 {
    rt.query(async |cx| halves(&cx).await).await
}

/// A run that has read three of them again and waits.
async fn begun(rt: &Arc<Runtime>, gate: &Gate) -> JoinHandle<i64> {
    assert_eq!(ask(rt).await, 0);
    put(rt, 0, 2).await;
    let rt = rt.clone();
    let slow = tokio::spawn(async move { ask(&rt).await });
    gate.entered().await;
    slow
}

#[tokio::test]
async fn what_was_dirty_and_has_not_changed_is_subscribed_to_again() {
    soon(async {
        let (rt, _, _) = gated();
        assert_eq!(ask(&rt).await, 0);
        // The first change is reason enough to run: what the other one leads to was not looked at.
        rt.mutate(|cx| async move {
            Slot(1).set(2, &cx).await;
            Slot(4).set(1, &cx).await;
        })
        .await;
        assert_eq!(ask(&rt).await, 1);
        put(&rt, 4, 2).await;
        assert_eq!(ask(&rt).await, 2);
        // And so is what comes behind it.
        put(&rt, 5, 2).await;
        assert_eq!(ask(&rt).await, 3);
    })
    .await;
}

/// What the running update has not read yet goes dirty, is found unchanged by somebody else, and is read then.
#[tokio::test]
async fn what_goes_dirty_while_a_body_runs_is_subscribed_to_again() {
    soon(async {
        let (rt, _, gate) = gated();
        let slow = begun(&rt, &gate).await;
        put(&rt, 4, 1).await;
        assert_eq!(rt.query(async |cx| half(4, &cx).await).await, 0);
        gate.open();
        assert_eq!(slow.await.expect("it does not panic"), 0);
        for slot in [4, 1, 5] {
            let before = ask(&rt).await;
            put(&rt, slot, 2).await;
            assert_eq!(ask(&rt).await, before + 1);
        }
    })
    .await;
}

/// What it has read already changes while it runs.
#[tokio::test]
async fn what_was_read_again_is_told_to_the_running_update() {
    soon(async {
        let (rt, _, gate) = gated();
        let slow = begun(&rt, &gate).await;
        put(&rt, 2, 2).await;
        gate.open();
        assert_eq!(
            slow.await.expect("it does not panic"),
            0,
            "of its own revision"
        );
        assert_eq!(ask(&rt).await, 1);
        put(&rt, 2, 4).await;
        assert_eq!(ask(&rt).await, 2);
    })
    .await;
}

/// Reads two in a row, and the rest at once.
#[query]
async fn partly_joined(cx: &QueryContext) -> i64 {
    let sum = half(0, cx).await + half(1, cx).await;
    let (two, three, four) = futures::join!(half(2, cx), half(3, cx), half(4, cx));
    sum + two + three + four + half(1, cx).await + half(5, cx).await
}

#[tokio::test]
async fn what_is_read_at_once_behind_what_is_read_in_a_row_is_read_again_too() {
    soon(async {
        let (rt, _, _) = gated();
        let ask = || rt.query(async |cx| partly_joined(&cx).await);
        assert_eq!(ask().await, 0);
        for (round, value) in [(1, 2), (2, 4)] {
            for slot in 0..6 {
                put(&rt, slot, value).await;
                // The second of them counts twice.
                let so_far = i64::from(slot) + 1 + i64::from(slot > 0);
                assert_eq!(ask().await, 7 * (round - 1) + so_far);
            }
        }
    })
    .await;
}

/// What `nosy` finds its runtime by.
#[derive(Default)]
struct Home(OnceLock<Weak<Runtime>>);

/// Asks its runtime when it is dropped.
#[derive(Clone)]
struct Nosy(i64, Weak<Runtime>);

impl PartialEq for Nosy {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Eq for Nosy {}

impl Drop for Nosy {
    fn drop(&mut self) {
        if let Some(rt) = self.1.upgrade() {
            rt.stats();
        }
    }
}

/// Waits at the gate after three reads, if the first is 3.
#[query]
async fn nosy(cx: &QueryContext) -> Nosy {
    let first = Slot(0).get(cx).await;
    for slot in 1..7 {
        if slot == 3 && first == 3 {
            pass(cx).await;
        }
        Slot(slot).get(cx).await;
    }
    Nosy(
        first,
        cx.resource::<Home>().0.get().expect("it is set").clone(),
    )
}

/// The update is the last one to have it, since a reader of an older revision has put another in its place.
#[tokio::test]
async fn a_value_that_goes_with_the_update_that_read_it_again_goes_after_the_lock() {
    soon(async {
        let gate = Gate::default();
        let rt = builder().resource(gate.clone()).resource(Home::default());
        let rt = rt.build();
        let home = rt.query(async |cx| cx.resource::<Home>()).await;
        home.0.set(Arc::downgrade(&rt)).expect("it is set once");
        let ask = || rt.query(async |cx| nosy(&cx).await.0);
        assert_eq!(ask().await, 0);
        put(&rt, 0, 2).await;
        let snapshot = rt.snapshot();
        put(&rt, 0, 3).await;
        let slow = tokio::spawn({
            let rt = rt.clone();
            async move { rt.query(async |cx| nosy(&cx).await.0).await }
        });
        gate.entered().await;
        assert_eq!(snapshot.query(async |cx| nosy(&cx).await.0).await, 2);
        gate.open();
        assert_eq!(slow.await.expect("it does not panic"), 3);
        assert_eq!(ask().await, 3);
    })
    .await;
}

/// Whether `flaky` panics now.
#[derive(Default)]
struct Flaky(AtomicBool);

#[query(lru = 1)]
async fn flaky(_number: u32, cx: &QueryContext) -> i64 {
    assert!(!cx.resource::<Flaky>().0.load(Ordering::Relaxed), "not now");
    1
}

#[query(lru = 1)]
async fn handled(number: u32, cx: &QueryContext) -> i64 {
    flaky(number, cx).catch().await.unwrap_or(-1)
}

#[query]
async fn above_handled(cx: &QueryContext) -> i64 {
    let mut sum = 0;
    for slot in 0..3 {
        sum += Slot(slot).get(cx).await;
    }
    sum + handled(0, cx).await
}

/// It is still subscribed to, and had only been evicted.
#[tokio::test]
async fn what_is_read_again_and_was_made_from_a_failure_is_stored_no_more_than_ever() {
    soon(async {
        let rt = builder().resource(Flaky::default()).build();
        let ask = || rt.query(async |cx| above_handled(&cx).await);
        assert_eq!(ask().await, 1);
        // There is room for one value.
        assert_eq!(rt.query(async |cx| handled(1, &cx).await).await, 1);
        let flaky = rt.query(async |cx| cx.resource::<Flaky>()).await;
        flaky.0.store(true, Ordering::Relaxed);
        put(&rt, 0, 10).await;
        assert_eq!(ask().await, 9);
        flaky.0.store(false, Ordering::Relaxed);
        assert_eq!(ask().await, 11);
    })
    .await;
}
