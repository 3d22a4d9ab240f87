//! Calls that are held and not polled, forgotten or leaked: who led an update and looks away keeps nobody from its value.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use futures::future::poll_immediate;
use futures::stream::{FuturesUnordered, StreamExt};
use futures::{FutureExt, poll, select_biased};
use salvia::{QueryContext, Runtime, query};
use tokio::join;
use tokio::sync::Semaphore;

use crate::kit::{Gate, Slot, builder, gated, pass, put, ran, soon, within};

/// Waits at the gate, once it has read slot 1.
#[query]
async fn slow(cx: &QueryContext) -> i64 {
    ran(cx, "slow");
    let value: i64 = Slot(1).get(cx).await;
    pass(cx).await;
    value
}

/// Needs `slow`.
#[query]
async fn above(cx: &QueryContext) -> i64 {
    slow(cx).await + 10
}

/// How the call is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Held {
    Select,
    Join,
    FuturesUnordered,
    Buffered,
    PolledOnce,
    Leaked,
}

const WAYS: [Held; 6] = [
    Held::Select,
    Held::Join,
    Held::FuturesUnordered,
    Held::Buffered,
    Held::PolledOnce,
    Held::Leaked,
];

/// Leads `slow`, holds it that way, and waits for `above`.
async fn holding(held: Held, cx: &QueryContext) -> i64 {
    match held {
        Held::Select => {
            let mut held = slow(cx);
            select_biased! {
                _ = (&mut held).fuse() => unreachable!("the gate is closed"),
                () = futures::future::ready(()) => {}
            }
            let above = above(cx).await;
            above + held.await
        }
        Held::Join => {
            let door = Gate::default();
            let holder = async {
                let mut held = slow(cx);
                assert!(poll!(&mut held).is_pending());
                door.pass().await;
                held.await
            };
            let other = async {
                let above = above(cx).await;
                door.open();
                above
            };
            let (slow, above) = join!(holder, other);
            slow + above
        }
        Held::FuturesUnordered => {
            let mut held: FuturesUnordered<_> = [slow(cx)].into_iter().collect();
            assert!(poll!(held.next()).is_pending());
            let above = above(cx).await;
            above + held.next().await.expect("it is there")
        }
        Held::Buffered => buffering(cx).await,
        Held::PolledOnce => {
            assert_eq!(poll_immediate(slow(cx)).await, None);
            let above = above(cx).await;
            above + slow(cx).await
        }
        Held::Leaked => {
            let mut leaked = Box::pin(slow(cx));
            assert!(poll!(leaked.as_mut()).is_pending());
            std::mem::forget(leaked);
            let above = above(cx).await;
            above + slow(cx).await
        }
    }
}

/// The body of the loop is what waits for `above`.
async fn buffering(cx: &QueryContext) -> i64 {
    // While the first is worked on nobody polls the second.
    let first = async {
        tokio::task::yield_now().await;
        0
    };
    let calls = [first.boxed(), slow(cx).boxed()];
    let mut held = pin!(futures::stream::iter(calls).buffer_unordered(2));
    let mut sum = 0;
    while let Some(value) = held.next().await {
        sum += value;
        if sum == 0 {
            sum += above(cx).await;
        }
    }
    sum
}

#[query]
async fn holds(held: Held, cx: &QueryContext) -> i64 {
    holding(held, cx).await
}

async fn ask(rt: &Arc<Runtime>, held: Held, in_a_body: bool) -> i64 {
    rt.query(|cx| async move {
        if in_a_body {
            holds(held, &cx).await
        } else {
            holding(held, &cx).await
        }
    })
    .await
}

/// Who holds it gets its value from another call, which waits for the same update; so do others. It runs once.
async fn holds_nobody_up(held: Held) {
    soon(async {
        for in_a_body in [false, true] {
            let (rt, counts, gate) = gated();
            let other = rt.query(|cx| async move { above(&cx).await });
            let asked = async { join!(ask(&rt, held, in_a_body), other) };
            let ((value, other), ()) = join!(asked, async {
                gate.entered().await;
                gate.open();
            });
            assert_eq!((value, other), (10, 10), "in a body: {in_a_body}");
            assert_eq!(counts.take(), ["slow"]);
        }
    })
    .await;
}

/// With the gate open from the second revision on, where a changed value is there at the first poll or soon after.
async fn answers_the_next_request(held: Held) {
    soon(async {
        let (rt, counts, gate) = gated();
        let mut given_up = Box::pin(ask(&rt, held, true));
        assert!(poll!(given_up.as_mut()).is_pending());
        gate.entered().await;
        drop(given_up);
        put(&rt, 1, 1).await;
        gate.open();
        assert_eq!(rt.query(|cx| async move { above(&cx).await }).await, 11);
        put(&rt, 1, 2).await;
        assert_eq!(rt.query(|cx| async move { above(&cx).await }).await, 12);
        assert_eq!(counts.of("slow"), 3);
    })
    .await;
}

#[tokio::test]
async fn a_leader_held_unpolled_after_a_select_holds_nobody_up() {
    holds_nobody_up(Held::Select).await;
}

#[tokio::test]
async fn a_leader_held_unpolled_in_a_join_holds_nobody_up() {
    holds_nobody_up(Held::Join).await;
}

#[tokio::test]
async fn a_leader_held_unpolled_in_a_futures_unordered_holds_nobody_up() {
    holds_nobody_up(Held::FuturesUnordered).await;
}

#[tokio::test]
async fn a_leader_held_unpolled_in_a_buffered_stream_holds_nobody_up() {
    holds_nobody_up(Held::Buffered).await;
}

#[tokio::test]
async fn a_leader_polled_once_and_forgotten_holds_nobody_up() {
    holds_nobody_up(Held::PolledOnce).await;
}

#[tokio::test]
async fn a_leader_polled_once_and_leaked_holds_nobody_up() {
    holds_nobody_up(Held::Leaked).await;
}

#[tokio::test]
async fn a_caller_dropped_while_it_holds_a_leader_leaves_the_node_usable() {
    for held in WAYS {
        answers_the_next_request(held).await;
    }
}

/// Slow once slot 1 is not zero.
#[query]
async fn slow_later(cx: &QueryContext) -> i64 {
    let value: i64 = Slot(1).get(cx).await;
    if value != 0 {
        pass(cx).await;
    }
    value
}

#[query]
async fn above_later(cx: &QueryContext) -> i64 {
    slow_later(cx).await + 10
}

/// The old value is not made right by an update that came to nothing: neither where the body was given up nor where the check was.
#[tokio::test(start_paused = true)]
async fn an_update_that_was_given_up_leaves_the_old_value_out_of_date() {
    // Time moves only when there is nothing else to do.
    within(10_000, async {
        let (rt, _, gate) = gated();
        let ask = || rt.query(|cx| async move { above_later(&cx).await });
        assert_eq!(ask().await, 10);
        put(&rt, 1, 5).await;
        let mut given_up = Box::pin(ask());
        assert!(poll!(given_up.as_mut()).is_pending());
        gate.entered().await;
        drop(given_up);
        tokio::time::sleep(Duration::from_secs(60)).await;
        gate.open();
        assert_eq!(ask().await, 15);
        assert_eq!(rt.query(|cx| async move { slow_later(&cx).await }).await, 5);
    })
    .await;
}

/// Two doors, and how often anybody came to the first.
#[derive(Default)]
struct Doors {
    came: AtomicU32,
    first: Door,
    second: Door,
}

struct Door(Semaphore);

impl Default for Door {
    fn default() -> Self {
        Door(Semaphore::const_new(0))
    }
}

impl Door {
    async fn pass(&self) {
        self.0.acquire().await.expect("it is never closed").forget();
    }

    fn let_in(&self) {
        self.0.add_permits(1);
    }
}

impl Doors {
    async fn came(&self, times: u32) {
        while self.came.load(Ordering::Relaxed) < times {
            tokio::task::yield_now().await;
        }
    }
}

/// Reads its input between two doors.
#[query]
async fn between(cx: &QueryContext) -> i64 {
    let doors = cx.resource::<Doors>();
    doors.came.fetch_add(1, Ordering::Relaxed);
    doors.first.pass().await;
    let value = Slot(0).get(cx).await;
    doors.second.pass().await;
    value
}

/// A root that waited for an older update, in vain, leads one of its own: that one is kept for as long as the root waits,
/// though nobody waits for the older one any more.
#[tokio::test(start_paused = true)]
async fn an_update_after_a_wait_in_vain_is_wanted_by_who_leads_it() {
    within(120, async {
        let rt = builder().resource(Doors::default()).build();
        let doors = rt.query(async |cx| cx.resource::<Doors>()).await;
        let ask = || {
            let rt = rt.clone();
            tokio::spawn(async move { rt.query(async |cx| between(&cx).await).await })
        };
        let old = ask();
        doors.came(1).await;
        put(&rt, 0, 1).await;
        let new = ask();
        // It waits for the older update, which has not read the input yet.
        tokio::time::sleep(Duration::from_millis(1)).await;
        assert_eq!(doors.came.load(Ordering::Relaxed), 1);
        doors.first.let_in();
        doors.came(2).await;
        doors.second.let_in();
        assert_eq!(old.await.expect("it gets its value"), 0);
        // Longer than an update lingers that nobody waits for.
        tokio::time::sleep(Duration::from_secs(60)).await;
        doors.first.let_in();
        doors.second.let_in();
        assert_eq!(new.await.expect("it gets its value"), 1);
        assert_eq!(doors.came.load(Ordering::Relaxed), 2, "it ran again");
    })
    .await;
}
