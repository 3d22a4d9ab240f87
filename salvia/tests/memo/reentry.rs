//! Code of users that runs inside of a memo, and calls memos.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use salvia::{ToStatic, memo};

use crate::{ran, runs};

#[test]
fn a_memo_may_call_itself() {
    #[memo(lru = 64)]
    fn many(n: u64) -> u64 {
        ran();
        if n < 2 { n } else { many(n - 1) + many(n - 2) }
    }
    #[memo(single)]
    fn one(n: u64) -> u64 {
        ran();
        if n < 2 { n } else { one(n - 1) + one(n - 2) }
    }
    assert_eq!(runs(|| assert_eq!(many(20), 6765)), 21);
    assert_eq!(
        runs(|| assert_eq!(one(20), 6765)),
        21_891,
        "each call but the last is forgotten"
    );
}

#[test]
fn a_memo_may_call_another() {
    #[memo(single)]
    fn inner(n: u32) -> u32 {
        ran();
        n + 1
    }
    #[memo(single)]
    fn outer(n: u32) -> u32 {
        ran();
        inner(n) + inner(n)
    }
    assert_eq!(runs(|| assert_eq!((outer(1), outer(1)), (4, 4))), 2);
}

#[test]
fn a_panic_is_not_remembered() {
    thread_local! {
        static BROKEN: Cell<bool> = const { Cell::new(true) };
    }
    #[memo(single)]
    fn fails(n: u32) -> u32 {
        ran();
        assert!(!BROKEN.get(), "broken");
        n
    }
    assert!(catch_unwind(|| fails(1)).is_err());
    BROKEN.set(false);
    assert_eq!(runs(|| assert_eq!((fails(1), fails(1)), (1, 1))), 1);
}

#[test]
fn a_panic_leaves_what_was_there() {
    #[memo(lru = 2)]
    fn fails(n: u32) -> u32 {
        ran();
        assert!(n < 2, "too big");
        n
    }
    assert_eq!(fails(1), 1);
    assert!(catch_unwind(|| fails(2)).is_err());
    assert_eq!(runs(|| fails(1)), 0);
}

/// A memo, and a call of it.
type Calls = (fn(Key) -> Value, Action);

/// What it does when it is compared, cloned or dropped.
type Action = fn();

thread_local! {
    static ON_COMPARE: Cell<Action> = const { Cell::new(|| ()) };
    static ON_CLONE: Cell<Action> = const { Cell::new(|| ()) };
    static ON_DROP: Cell<Action> = const { Cell::new(|| ()) };
}

struct Key(u32);

impl ToStatic for Key {
    type Static = u32;
    fn to_static(&self) -> u32 {
        self.0
    }
    fn eq_static(&self, kept: &u32) -> bool {
        // Only once, or it would never end.
        ON_COMPARE.replace(|| ())();
        self.0 == *kept
    }
}

#[derive(Debug, PartialEq)]
struct Value(u32);

impl Clone for Value {
    fn clone(&self) -> Self {
        ON_CLONE.replace(|| ())();
        Self(self.0)
    }
}

impl Drop for Value {
    fn drop(&mut self) {
        ON_DROP.replace(|| ())();
    }
}

#[memo(single)]
fn one(key: Key) -> Value {
    ran();
    Value(key.0)
}

#[memo(lru = 4)]
fn some(key: Key) -> Value {
    ran();
    Value(key.0)
}

/// With slots enough for all tests, which meet here.
#[memo(lru = 64, shared)]
fn common(key: Key) -> Value {
    ran();
    Value(key.0)
}

/// Each kind of memo, called by what it calls itself.
#[test]
fn comparing_may_call_the_memo() {
    let calls: [Calls; 3] = [
        (one, || {
            assert_eq!((one(Key(1)), one(Key(2))), (Value(1), Value(2)))
        }),
        (some, || {
            assert_eq!((some(Key(1)), some(Key(2))), (Value(1), Value(2)))
        }),
        (common, || {
            assert_eq!((common(Key(1)), common(Key(2))), (Value(1), Value(2)))
        }),
    ];
    for (memo, call) in calls {
        memo(Key(1));
        ON_COMPARE.set(call);
        assert_eq!(memo(Key(1)), Value(1));
        assert_eq!(memo(Key(2)), Value(2));
        assert_eq!(runs(|| memo(Key(2))), 0, "it works as before");
    }
}

#[test]
fn cloning_may_call_the_memo() {
    let calls: [Calls; 3] = [
        (one, || assert_eq!(one(Key(3)), Value(3))),
        (some, || assert_eq!(some(Key(3)), Value(3))),
        (common, || assert_eq!(common(Key(3)), Value(3))),
    ];
    for (memo, call) in calls {
        ON_CLONE.set(call);
        assert_eq!(memo(Key(1)), Value(1), "a miss clones to keep");
        ON_CLONE.set(call);
        assert_eq!(memo(Key(1)), Value(1));
        assert_eq!(runs(|| memo(Key(1))), 0);
    }
}

#[test]
fn dropping_what_made_way_may_call_the_memo() {
    #[memo(lru = 2, shared)]
    fn few(key: Key) -> Value {
        Value(key.0)
    }
    let calls: [Calls; 3] = [
        (one, || assert_eq!(one(Key(9)), Value(9))),
        (some, || assert_eq!(some(Key(9)), Value(9))),
        (few, || assert_eq!(few(Key(9)), Value(9))),
    ];
    for (memo, call) in calls {
        for n in 0..6 {
            ON_DROP.set(call);
            // Neither what is compared nor what is made way for is dropped before.
            std::mem::forget(memo(Key(n)));
        }
        assert_eq!(memo(Key(7)), Value(7));
        assert_eq!(memo(Key(9)), Value(9));
    }
}

#[test]
fn dropping_what_was_cleared_may_call_the_memo() {
    let calls: [Calls; 2] = [
        (one, || assert_eq!(one(Key(9)), Value(9))),
        (some, || assert_eq!(some(Key(9)), Value(9))),
    ];
    for (memo, call) in calls {
        // Of the others there is nothing to drop.
        memo::clear();
        memo(Key(1));
        ON_DROP.set(call);
        memo::clear();
        assert_eq!(runs(|| memo(Key(9))), 0, "what was called since is there");
        assert_eq!(runs(|| memo(Key(1))), 1, "what was there before is not");
    }
}

/// A cache that is emptied while it is looked at is empty afterwards.
#[test]
fn comparing_may_clear() {
    let calls: [fn(Key) -> Value; 2] = [one, some];
    for memo in calls {
        memo(Key(5));
        ON_COMPARE.set(memo::clear);
        assert_eq!(memo(Key(5)), Value(5));
        assert_eq!(runs(|| memo(Key(5))), 1);
        assert_eq!(runs(|| memo(Key(5))), 0);
    }
}

#[test]
fn a_panic_of_a_comparison_or_clone_leaves_the_memo_usable() {
    let calls: [fn(Key) -> Value; 3] = [one, some, common];
    for memo in calls {
        memo(Key(6));
        ON_COMPARE.set(|| panic!("compared"));
        assert!(catch_unwind(AssertUnwindSafe(|| memo(Key(6)))).is_err());
        ON_CLONE.set(|| panic!("cloned"));
        assert!(catch_unwind(AssertUnwindSafe(|| memo(Key(6)))).is_err());
        assert_eq!(runs(|| assert_eq!(memo(Key(6)), Value(6))), 0);
        memo(Key(7));
        assert_eq!(runs(|| memo(Key(7))), 0);
    }
}

#[test]
fn a_value_may_hold_a_memo_that_runs_later() {
    #[memo(single)]
    fn maker(n: u32) -> Arc<dyn Fn() -> u32> {
        ran();
        Arc::new(move || if n == 0 { 0 } else { 1 + maker(n - 1)() })
    }
    assert_eq!(maker(3)(), 3);
}
