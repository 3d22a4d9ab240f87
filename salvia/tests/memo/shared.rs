//! Memos with one cache for all threads.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;

use salvia::{ToStatic, memo};

use crate::{ran, runs};

fn there<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    thread::spawn(work).join().expect("it ends")
}

#[test]
fn a_value_of_one_thread_is_a_hit_in_another() {
    #[memo(lru = 2, shared)]
    fn some(n: u32) -> Arc<u32> {
        ran();
        Arc::new(n)
    }
    #[memo(shared, single)]
    fn one(text: &str) -> Arc<str> {
        ran();
        text.into()
    }
    let (here, other) = ((some(1), one("a")), there(|| (some(1), one("a"))));
    assert!(Arc::ptr_eq(&here.0, &other.0) && Arc::ptr_eq(&here.1, &other.1));
    assert_eq!(there(|| runs(|| (some(1), some(2), one("b")))), 2);
    assert_eq!(runs(|| (some(1), some(2), one("b"))), 0);
}

#[test]
fn the_least_recently_used_value_makes_way() {
    #[memo(lru = 2, shared)]
    fn some(n: u32) -> u32 {
        ran();
        n
    }
    assert_eq!(runs(|| [1, 2, 1, 3].map(some)), 3);
    assert_eq!(
        there(|| (runs(|| some(1)), runs(|| some(3)), runs(|| some(2)))),
        (0, 0, 1)
    );
}

#[test]
fn instances_have_slots_of_their_own() {
    #[memo(single, shared)]
    fn text<T>(value: T) -> String
    where
        T: ToStatic<Static: Send + Sync> + std::fmt::Debug,
    {
        ran();
        format!("{value:?}")
    }
    let ask = || (text(1u8), text(2u16), text("a"));
    assert_eq!(runs(|| (ask(), there(ask))), 3);
    assert_eq!(ask(), ("1".into(), "2".into(), "\"a\"".into()));
}

struct Host<T>(T);

impl<T: Default + ToString> Host<T> {
    #[memo(lru = 4, shared)]
    fn text(n: u32) -> String {
        ran();
        format!("{n}{}", T::default().to_string())
    }
}

#[test]
fn an_associated_memo_may_be_shared() {
    let ask = || (Host::<u8>::text(1), Host::<bool>::text(1));
    assert_eq!(runs(|| (ask(), there(ask))), 2);
    assert_eq!(ask(), ("10".into(), "1false".into()));
    assert_eq!(Host(1).0, 1);
}

#[test]
fn clear_leaves_what_is_shared() {
    #[memo(single, shared)]
    fn kept(n: u32) -> u32 {
        ran();
        n
    }
    kept(1);
    memo::clear();
    assert_eq!(runs(|| kept(1)), 0);
}

/// Threads that all miss at once, and evict each other's values.
#[test]
fn threads_that_meet_get_their_own_answers() {
    static SUM: AtomicU32 = AtomicU32::new(0);
    #[memo(lru = 3, shared)]
    fn triple(n: u32) -> Arc<u32> {
        SUM.fetch_add(1, Ordering::Relaxed);
        Arc::new(3 * n)
    }
    let barrier = Barrier::new(4);
    thread::scope(|scope| {
        for thread in 0..4 {
            let barrier = &barrier;
            scope.spawn(move || {
                barrier.wait();
                for round in 0..500u32 {
                    let n = round.wrapping_mul(7).wrapping_add(thread) % 5;
                    assert_eq!(*triple(n), 3 * n);
                }
            });
        }
    });
    assert!(SUM.load(Ordering::Relaxed) >= 5);
}
