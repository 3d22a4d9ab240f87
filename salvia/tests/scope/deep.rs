//! Paths of any length.

use std::panic::catch_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};

use salvia::scope::{CallId, call_in_slot};

const DEPTH: usize = 100_000;

/// One more call below an id.
fn below(parent: &CallId, slot: usize) -> CallId {
    let mut call = std::pin::pin!(parent.scope(async move { call_in_slot(slot, CallId::current) }));
    let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
    match call.as_mut().poll(&mut cx) {
        std::task::Poll::Ready(id) => id,
        std::task::Poll::Pending => unreachable!("it awaits nothing"),
    }
}

fn path(slots: impl Iterator<Item = usize>) -> CallId {
    slots.fold(CallId::current(), |id, slot| below(&id, slot))
}

/// On a thread with little stack.
fn with_little_stack(test: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(128 * 1024);
    let thread = thread.spawn(test).expect("a thread is there");
    thread.join().expect("the test holds");
}

#[test]
fn a_path_of_a_hundred_thousand_calls_is_compared_and_dropped_without_recursion() {
    with_little_stack(|| {
        let one = path(0..DEPTH);
        let same = path(0..DEPTH);
        assert!(one == same);
        // They differ at the very beginning only.
        let other = path(std::iter::once(7).chain(1..DEPTH));
        assert!(one != other);
        assert!(format!("{one:?}").len() < 2_000);
    });
}

#[test]
fn ids_in_slots_of_ids_are_dropped_without_recursion() {
    with_little_stack(|| {
        let next = |id: CallId, _| call_in_slot(&id, CallId::current);
        drop((0..DEPTH).fold(CallId::current(), next));
    });
}

/// Two threads give up the same path at the same time.
#[test]
fn a_shared_path_is_dropped_by_two_threads() {
    let barrier = std::sync::Arc::new(std::sync::Barrier::new(2));
    let mut every = Vec::new();
    let mut last = CallId::current();
    for slot in 0..DEPTH {
        last = below(&last, slot);
        every.push(last.clone());
    }
    let other = barrier.clone();
    let thread = std::thread::Builder::new().stack_size(128 * 1024);
    let thread = thread.spawn(move || {
        other.wait();
        every.into_iter().rev().for_each(drop);
    });
    with_little_stack(move || {
        barrier.wait();
        drop(last);
    });
    thread.unwrap().join().unwrap();
}

static DROPPED: AtomicUsize = AtomicUsize::new(0);

#[derive(Clone, PartialEq, Eq, Hash)]
struct Counted(usize);

impl Drop for Counted {
    fn drop(&mut self) {
        DROPPED.fetch_add(1, Ordering::Relaxed);
        assert!(self.0 != 50 || std::thread::panicking(), "on purpose");
    }
}

#[test]
fn a_slot_that_panics_when_it_is_dropped_keeps_nothing_from_being_dropped() {
    fn below(parent: &CallId, slot: usize) -> CallId {
        let slot = std::mem::ManuallyDrop::new(Counted(slot));
        let mut call =
            std::pin::pin!(parent.scope(async { call_in_slot(&*slot, CallId::current) }));
        let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
        match call.as_mut().poll(&mut cx) {
            std::task::Poll::Ready(id) => id,
            std::task::Poll::Pending => unreachable!("it awaits nothing"),
        }
    }
    let last = (0..100).fold(CallId::current(), |id, slot| below(&id, slot));
    assert!(catch_unwind(move || drop(last)).is_err());
    assert_eq!(DROPPED.load(Ordering::Relaxed), 100);
}
