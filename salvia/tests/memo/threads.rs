//! Caches belong to threads.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::channel;
use std::thread;

use salvia::memo;

use crate::{ran, runs};

#[memo(single)]
fn double(n: u32) -> u32 {
    ran();
    2 * n
}

#[test]
fn a_second_thread_computes_and_then_hits() {
    assert_eq!(runs(|| double(1)), 1);
    let there = thread::spawn(|| (runs(|| double(1)), runs(|| double(1))));
    assert_eq!(there.join().expect("it ends"), (1, 0));
    assert_eq!(
        runs(|| double(1)),
        0,
        "and the first thread's is where it was"
    );
}

#[test]
fn clear_leaves_other_threads_alone() {
    let ((ask, asked), (answer, answered)) = (channel(), channel());
    let there = thread::spawn(move || {
        for n in asked {
            let told = answer.send(runs(|| double(n)));
            told.expect("somebody listens");
        }
    });
    let there_runs = || {
        ask.send(1).expect("it listens");
        answered.recv().expect("it answers")
    };
    assert_eq!((there_runs(), there_runs()), (1, 0));
    memo::clear();
    assert_eq!(there_runs(), 0);
    drop(ask);
    there.join().expect("it ends");
}

static DROPPED: AtomicU32 = AtomicU32::new(0);

/// Counts its drops; the count tells how many clones there were.
struct Counted;

static MADE: AtomicU32 = AtomicU32::new(0);

impl Counted {
    fn make() -> Self {
        MADE.fetch_add(1, Ordering::Relaxed);
        Self
    }
}

impl Clone for Counted {
    fn clone(&self) -> Self {
        Self::make()
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        DROPPED.fetch_add(1, Ordering::Relaxed);
    }
}

#[test]
fn values_are_dropped_once_when_their_thread_ends() {
    #[memo(lru = 3)]
    fn counted(n: u32) -> Counted {
        let _ = n;
        Counted::make()
    }
    #[memo(single)]
    fn instance<T: salvia::ToStatic>(value: T) -> Counted {
        drop(value);
        Counted::make()
    }
    let there = thread::spawn(|| {
        for n in [1, 2, 3, 4, 4] {
            drop((counted(n), instance(n), instance("a")));
        }
        MADE.load(Ordering::Relaxed) - DROPPED.load(Ordering::Relaxed)
    });
    assert_eq!(
        there.join().expect("it ends"),
        3 + 1 + 1,
        "those in the slots"
    );
    assert_eq!(
        MADE.load(Ordering::Relaxed),
        DROPPED.load(Ordering::Relaxed)
    );
}

/// Calls memos when the thread ends: before its caches go, or after.
struct AtTheEnd;

static ANSWERS: Mutex<Vec<(u32, u32, u32)>> = Mutex::new(Vec::new());

impl Drop for AtTheEnd {
    fn drop(&mut self) {
        let answer = (double(3), plain(3), generic(3u32));
        salvia::memo::clear();
        ANSWERS.lock().expect("nobody panics").push(answer);
    }
}

#[memo(lru = 2)]
fn plain(n: u32) -> u32 {
    3 * n
}

#[memo(single)]
fn generic<T: salvia::ToStatic + Into<u32>>(n: T) -> u32 {
    4 * n.into()
}

#[memo(single)]
fn holds(n: u32) -> std::rc::Rc<AtTheEnd> {
    let _ = n;
    std::rc::Rc::new(AtTheEnd)
}

#[test]
fn a_memo_that_is_called_while_its_thread_ends_computes() {
    thread_local! {
        static FIRST: AtTheEnd = const { AtTheEnd };
        static LAST: AtTheEnd = const { AtTheEnd };
    }
    let there = thread::spawn(|| {
        // One is made before the caches, one after, and one is in a cache: in any order some caches have gone.
        FIRST.with(|_| ());
        drop((double(1), plain(1), generic(1u32), holds(1)));
        LAST.with(|_| ());
    });
    there.join().expect("it ends without a panic");
    assert_eq!(*ANSWERS.lock().unwrap(), [(6, 9, 12); 3]);
}
