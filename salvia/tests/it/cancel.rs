//! Cancel safety: whatever future is dropped at whatever poll, nothing changes but the work that was done.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use futures::future::join_all;
use salvia::{QueryContext, Runtime, query};

use crate::kit::{Counts, Slot, counted, put, ran, runtime, soon, within};

/// Reads a slot after a few rounds of the executor.
#[query]
async fn leaf(n: u32, cx: &QueryContext) -> i64 {
    for _ in 0..n {
        tokio::task::yield_now().await;
    }
    ran(cx, format!("leaf({n})"));
    Slot(n).get(cx).await
}

#[query]
async fn branch(n: u32, cx: &QueryContext) -> i64 {
    let first = leaf(n, cx).await;
    tokio::task::yield_now().await;
    let second = leaf(n + 1, cx).await;
    ran(cx, format!("branch({n})"));
    first + 10 * second
}

#[query]
async fn top(cx: &QueryContext) -> i64 {
    let branches: Vec<_> = (0..3).map(|n| branch(n, cx)).collect();
    let sum = join_all(branches).await.into_iter().sum();
    tokio::task::yield_now().await;
    ran(cx, "top");
    sum
}

type Asked = Pin<Box<dyn Future<Output = i64>>>;

fn ask(rt: &Arc<Runtime>) -> Asked {
    let rt = rt.clone();
    Box::pin(async move { rt.query(|cx| async move { top(&cx).await }).await })
}

/// Polls once and lets everybody else take a turn.
async fn poll(future: &mut Asked) -> Poll<i64> {
    let polled = future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()));
    tokio::task::yield_now().await;
    polled
}

/// A runtime with all of `top()` known at one revision, one leaf of which has changed since.
async fn prepared(warm: bool) -> (Arc<Runtime>, Counts) {
    let (rt, counts) = counted();
    put(&rt, 2, 1).await;
    if warm {
        ask(&rt).await;
        put(&rt, 3, 1).await;
        put(&rt, 1, 4).await;
        counts.take();
    }
    (rt, counts)
}

/// Whatever happened before, the answer is right, it is stored, and the next change is heard of.
async fn check(rt: &Arc<Runtime>, counts: &Counts, mut slots: [i64; 4], place: &str) {
    let plain = |slots: [i64; 4]| (0..3).map(|n| slots[n] + 10 * slots[n + 1]).sum::<i64>();
    assert_eq!(ask(rt).await, plain(slots), "{place}");
    counts.take();
    assert_eq!(ask(rt).await, plain(slots), "{place}");
    assert!(
        counts.take().is_empty(),
        "{place}: asked again, nothing runs"
    );
    for n in 0..4 {
        slots[n] += 7;
        put(rt, n as u32, slots[n]).await;
        assert_eq!(ask(rt).await, plain(slots), "{place}, slot {n} changed");
    }
}

fn slots(warm: bool) -> [i64; 4] {
    if warm { [0, 4, 1, 1] } else { [0, 0, 1, 0] }
}

/// Dropped after any number of polls, in a first run as well as in a check.
#[tokio::test]
async fn a_caller_may_be_dropped_at_any_poll() {
    soon(async {
        for warm in [false, true] {
            for polls in 0.. {
                let (rt, counts) = prepared(warm).await;
                let mut asked = ask(&rt);
                let mut finished = false;
                for _ in 0..polls {
                    finished |= poll(&mut asked).await.is_ready();
                    if finished {
                        break;
                    }
                }
                drop(asked);
                check(
                    &rt,
                    &counts,
                    slots(warm),
                    &format!("warm {warm}, dropped after {polls}"),
                )
                .await;
                if finished {
                    assert!(polls > 3, "the program is too short to say anything");
                    break;
                }
            }
        }
    })
    .await;
}

/// Dropped after any number of polls while another caller waits for the same.
#[tokio::test]
async fn another_caller_never_notices_a_dropped_one() {
    soon(async {
        for warm in [false, true] {
            for polls in 0..20 {
                let (rt, counts) = prepared(warm).await;
                let (mut given_up, mut kept) = (ask(&rt), ask(&rt));
                let mut answer = None;
                for _ in 0..polls {
                    if poll(&mut given_up).await.is_ready() {
                        break;
                    }
                    if let Poll::Ready(ready) = poll(&mut kept).await {
                        answer = Some(ready);
                        break;
                    }
                }
                drop(given_up);
                let answer = match answer {
                    Some(answer) => answer,
                    None => kept.await,
                };
                let slots = slots(warm);
                assert_eq!(
                    answer,
                    (0..3).map(|n| slots[n] + 10 * slots[n + 1]).sum::<i64>()
                );
                let runs = counts.take();
                let mut once = runs.clone();
                once.dedup();
                assert_eq!(runs, once, "given up after {polls}: nothing ran twice");
                check(&rt, &counts, slots, &format!("given up after {polls}")).await;
            }
        }
    })
    .await;
}

/// An input that changes after any number of polls is not seen by who began before, and by all who begin after.
#[tokio::test]
async fn a_commit_may_come_at_any_poll() {
    soon(async {
        for warm in [false, true] {
            for polls in 0..20 {
                let (rt, counts) = prepared(warm).await;
                let mut asked = ask(&rt);
                let mut answer = None;
                for _ in 0..polls {
                    if let Poll::Ready(ready) = poll(&mut asked).await {
                        answer = Some(ready);
                        break;
                    }
                }
                let mut slots = slots(warm);
                let before = (0..3).map(|n| slots[n] + 10 * slots[n + 1]).sum::<i64>();
                // Not polled yet, it has not begun.
                let begun = polls > 0;
                slots[1] = 9;
                put(&rt, 1, 9).await;
                let after = (0..3).map(|n| slots[n] + 10 * slots[n + 1]).sum::<i64>();
                let answer = match answer {
                    Some(answer) => answer,
                    None => asked.await,
                };
                assert_eq!(
                    answer,
                    if begun { before } else { after },
                    "committed after {polls}"
                );
                check(&rt, &counts, slots, &format!("committed after {polls}")).await;
            }
        }
    })
    .await;
}

/// A mutation of many inputs, dropped after any number of polls, happened whole or not at all, for who reads them and for who
/// reads those.
#[tokio::test]
async fn a_mutation_dropped_at_any_poll_is_whole_or_nothing() {
    const INPUTS: u32 = 3_000;

    #[query]
    async fn read(n: u32, cx: &QueryContext) -> i64 {
        Slot(n).get(cx).await
    }
    async fn all(rt: &Arc<Runtime>) -> Vec<i64> {
        rt.query(|cx| async move {
            let reads: Vec<_> = (0..INPUTS).map(|n| read(n, &cx)).collect();
            let through = join_all(reads).await;
            for (n, seen) in through.iter().enumerate() {
                assert_eq!(*seen, Slot(n as u32).get(&cx).await);
            }
            through
        })
        .await
    }
    within(20, async {
        let rt = runtime();
        let mut value = 0;
        for polls in 0.. {
            all(&rt).await;
            let mut mutation = Box::pin(rt.mutate(|cx| async move {
                for n in 0..INPUTS {
                    Slot(n).set(value + 1, &cx).await;
                }
                tokio::task::yield_now().await;
            }));
            let mut finished = false;
            for _ in 0..polls {
                let waker = Waker::noop();
                finished = mutation
                    .as_mut()
                    .poll(&mut Context::from_waker(waker))
                    .is_ready();
                if finished {
                    break;
                }
            }
            drop(mutation);
            let seen = all(&rt).await;
            assert!(
                seen.iter().all(|each| *each == seen[0]),
                "dropped after {polls}"
            );
            assert!(seen[0] == value || seen[0] == value + 1);
            value = seen[0];
            if finished {
                assert!(polls > 1 && value > 0);
                break;
            }
        }
    })
    .await;
}
