//! What call paths cost: allocations, and what is left of them.
//!
//! A binary of its own, for it counts what its whole process allocates; one test at a time. The harness allocates beside the
//! tests now and then, so a claim about a count is one about the quietest of several rounds.

use std::alloc::System;
use std::future::Future;
use std::pin::pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use salvia::scope::{CallId, call, call_in_slot, root};
use salvia::{Input, InputAccess, QueryContext, Runtime, nested, query};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const ROUNDS: usize = 20;

fn alone<R>(test: impl FnOnce() -> R) -> R {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    test()
}

/// The least that a round of `run` allocates.
fn allocations(mut run: impl FnMut()) -> usize {
    let round = |_| {
        let region = Region::new(ALLOCATOR);
        run();
        let change = region.change();
        change.allocations + change.reallocations
    };
    (0..ROUNDS).map(round).min().expect("there are rounds")
}

/// Bytes that are allocated now.
fn live() -> usize {
    let stats = ALLOCATOR.stats();
    stats.bytes_allocated - stats.bytes_deallocated
}

#[test]
fn a_call_whose_id_is_not_asked_for_allocates_nothing() {
    alone(|| {
        let run = || root(|| (0..100).for_each(|_| call(|| call(|| ()))));
        run();
        assert_eq!(allocations(run), 0);
    });
}

#[test]
fn a_call_allocates_at_most_once() {
    alone(|| {
        // A hundred from one place, three inside one another, seven from places of their own.
        let calls = allocations(|| {
            root(|| {
                (0..100).for_each(|_| call(|| drop(CallId::current())));
                call(|| call(|| call(|| drop(CallId::current()))));
                let id = || drop(CallId::current());
                call(id);
                call(id);
                call(id);
                call(id);
                call(id);
                call(id);
                call(id);
            });
        });
        assert_eq!(calls, 110);
        assert_eq!(allocations(|| root(|| drop(CallId::current()))), 0);
    });
}

#[test]
fn a_call_in_a_slot_allocates_once_and_what_the_slot_does() {
    alone(|| {
        assert_eq!(allocations(|| call_in_slot(7, || ())), 1);
        assert_eq!(allocations(|| call_in_slot("name", || ())), 2);
    });
}

#[test]
fn polling_in_a_call_allocates_nothing() {
    #[nested]
    async fn waiting(polls: u32) {
        for _ in 0..polls {
            call(|| drop(CallId::current()));
            let mut first = true;
            std::future::poll_fn(|_| match std::mem::take(&mut first) {
                true => Poll::Pending,
                false => Poll::Ready(()),
            })
            .await;
        }
    }
    fn run(polls: u32) {
        let mut future = pin!(waiting(polls));
        let mut cx = Context::from_waker(Waker::noop());
        while future.as_mut().poll(&mut cx).is_pending() {}
    }
    alone(|| {
        let (few, many) = (allocations(|| run(10)), allocations(|| run(110)));
        // A hundred calls inside, and a hundred polls.
        assert_eq!(many - few, 100);
    });
}

/// Slots that are used once are gone with their ids: there is no table of them.
#[test]
fn slots_are_freed_with_the_last_id() {
    alone(|| {
        let use_up = |from: u64| {
            root(|| {
                for slot in from..from + 100_000 {
                    call_in_slot(slot, || call_in_slot(format!("slot {slot}"), || ()));
                }
            });
        };
        use_up(0);
        let before = live();
        use_up(100_000);
        let after = live();
        assert!(
            after.abs_diff(before) * 100 <= before,
            "{before} bytes, then {after}"
        );
    });
}

/// The same for calls that are counted, which the original keeps for each repetition.
#[test]
fn repeated_calls_leave_nothing_behind() {
    alone(|| {
        let repeat = || root(|| (0..100_000).for_each(|_| call(|| call(|| ()))));
        repeat();
        let before = live();
        repeat();
        let after = live();
        assert!(
            after.abs_diff(before) * 100 <= before,
            "{before} bytes, then {after}"
        );
    });
}

/// An id keeps its path, and nothing else does.
#[test]
fn a_held_id_keeps_its_path_only() {
    alone(|| {
        let path = |depth| {
            (0..depth).fold(CallId::current(), |id, slot: u64| {
                let call = id.scope(async move { call_in_slot(slot, CallId::current) });
                match pin!(call).poll(&mut Context::from_waker(Waker::noop())) {
                    Poll::Ready(id) => id,
                    Poll::Pending => unreachable!("it awaits nothing"),
                }
            })
        };
        drop(path(10));
        let round = || {
            let before = live();
            let held = path(1_000);
            let kept = live().saturating_sub(before);
            drop(held);
            (live().abs_diff(before), kept)
        };
        // The harness allocates beside the test now and then: the quietest round tells.
        let quietest = (0..20).map(|_| round()).min();
        let (left, kept) = quietest.expect("there are rounds");
        assert!(
            (40_000..=100_000).contains(&kept),
            "{kept} bytes for 1,000 calls"
        );
        assert!(left * 100 <= kept, "{left} bytes left");
    });
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputAccess)]
struct Round;

impl Input<u64> for Round {
    fn initial(&self) -> u64 {
        0
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, InputAccess)]
struct State(CallId);

impl Input<u64> for State {
    fn initial(&self) -> u64 {
        0
    }
}

/// Nodes in slots that are used in one revision only, and the ids at which their state is.
#[query]
async fn one_off(cx: &QueryContext) -> Vec<CallId> {
    let round: u64 = Round.get(cx).await;
    let mut ids = Vec::new();
    for slot in 10 * round..10 * (round + 1) {
        let name = format!("slot {slot}");
        let node = cx.memo_in_slot(&name, &*name, async |_, cx| {
            let id = CallId::current();
            let inner = cx.memo(1_u64, async |n, _cx| n + 1);
            let _: u64 = State(id.clone()).get(cx).await + inner.await;
            id
        });
        ids.push(node.await);
    }
    ids
}

/// A hundred thousand of them, twice, each with a node inside and an input, which is set for one in ten.
#[test]
fn nodes_in_slots_are_freed_when_their_parent_has_run_without_them() {
    alone(|| {
        let tokio = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        tokio.expect("it can be made").block_on(async {
            let rt = Runtime::new().await;
            let rounds = async |rounds: std::ops::Range<u64>| {
                for round in rounds {
                    rt.mutate(async |cx| Round.set(round, &cx).await).await;
                    let ids = rt.query(async |cx| one_off(&cx).await).await;
                    rt.mutate(async |cx| State(ids[0].clone()).set(round, &cx).await)
                        .await;
                }
            };
            // What is kept of the last thousand revisions is there then.
            rounds(1..2_000).await;
            let there = || {
                let stats = rt.stats();
                (stats.nodes, stats.inputs)
            };
            let (before, known) = (live(), there());
            rounds(2_000..12_000).await;
            let (after, then) = (live(), there());
            rounds(12_000..22_000).await;
            let (last, now) = (live(), there());
            assert_eq!([known, then, now], [(21, 11); 3]);
            // A table of the engine may grow once, if its seed is such that few of the places that became free were taken
            // again; what leaks does so in both halves.
            let left = after.abs_diff(before).min(last.abs_diff(after));
            assert!(
                left * 100 <= before,
                "{before} bytes, then {after}, then {last}"
            );
        });
    });
}
