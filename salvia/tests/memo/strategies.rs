//! How many calls are remembered, and which.

use std::cell::Cell;

use salvia::{ToStatic, memo};

use crate::{ran, runs};

#[memo(single)]
fn last(n: u32) -> u32 {
    ran();
    n + 1
}

#[test]
fn a_hit_needs_the_arguments_of_the_last_run() {
    assert_eq!(
        runs(|| assert_eq!((last(1), last(1), last(1)), (2, 2, 2))),
        1
    );
}

#[test]
fn an_earlier_value_is_a_miss_with_one_slot() {
    assert_eq!(runs(|| [1, 2, 1].map(last)), 3);
}

#[memo(lru = 2)]
fn two(n: u32) -> u32 {
    ran();
    n + 1
}

#[test]
fn an_earlier_value_is_a_hit_with_slots_enough() {
    assert_eq!(runs(|| [1, 2, 1, 2].map(two)), 2);
}

/// a, b, a, c with two slots: b makes way, and a stays.
#[test]
fn a_hit_counts_as_a_use() {
    assert_eq!(runs(|| [1, 2, 1, 3].map(two)), 3);
    assert_eq!(runs(|| two(1)), 0);
    assert_eq!(runs(|| two(2)), 1);
}

#[test]
fn one_slot_of_an_lru_is_like_single() {
    #[memo(lru = 1)]
    fn one(n: u32) -> u32 {
        ran();
        n
    }
    assert_eq!(runs(|| [1, 1, 2, 2, 1].map(one)), 3);
}

#[test]
fn many_slots_hold_as_many_values() {
    #[memo(lru = 100)]
    fn many(n: u32) -> u32 {
        ran();
        n
    }
    assert_eq!(runs(|| (0..100).map(many).sum::<u32>()), 100);
    assert_eq!(runs(|| (0..100).rev().map(many).sum::<u32>()), 0);
    assert_eq!(runs(|| many(100)), 1);
    assert_eq!(
        runs(|| (0..99).map(many).sum::<u32>()),
        0,
        "99 was used least recently"
    );
}

/// The slots are a list: a miss costs as many comparisons as there are slots, and a hit no more.
#[test]
fn a_call_compares_with_each_slot_at_most_once() {
    thread_local! {
        static COMPARED: Cell<u32> = const { Cell::new(0) };
    }
    struct Counting(u32);
    impl ToStatic for Counting {
        type Static = u32;
        fn to_static(&self) -> u32 {
            self.0
        }
        fn eq_static(&self, kept: &u32) -> bool {
            COMPARED.set(COMPARED.get() + 1);
            self.0 == *kept
        }
    }
    #[memo(lru = 50)]
    fn many(n: Counting) -> u32 {
        n.0
    }
    let compared = |n| {
        COMPARED.set(0);
        assert_eq!(many(Counting(n)), n);
        COMPARED.get()
    };
    for n in 0..50 {
        assert_eq!(compared(n), n, "one for each slot that is taken");
    }
    assert_eq!((compared(50), compared(51)), (50, 50), "all are taken");
    assert!((2..52).all(|n| (1..=50).contains(&compared(n))));
}

#[test]
fn two_memos_with_the_same_argument_are_independent() {
    #[memo(single)]
    fn one(n: u32) -> u32 {
        ran();
        n
    }
    #[memo(single)]
    fn other(n: u32) -> u32 {
        ran();
        2 * n
    }
    assert_eq!(
        runs(|| assert_eq!((one(1), other(1), one(1), other(1)), (1, 2, 1, 2))),
        2
    );
}

mod here {
    #[salvia::memo(single)]
    pub(super) fn named(n: u32) -> u32 {
        n
    }
}

mod there {
    #[salvia::memo(single)]
    pub(super) fn named(n: u32) -> u32 {
        10 * n
    }
}

#[test]
fn memos_of_the_same_name_are_independent() {
    assert_eq!((here::named(1), there::named(1)), (1, 10));
}

/// Nothing is generated beside the function, so there is nothing to collide.
#[test]
fn names_that_differ_in_underscores_do_not_collide() {
    #[memo(single)]
    fn foo_bar(n: u32) -> u32 {
        n
    }
    #[memo(single)]
    #[expect(non_snake_case, reason = "two underscores")]
    fn foo__bar(n: u32) -> u32 {
        10 * n
    }
    #[memo(single)]
    fn r#fn(n: u32) -> u32 {
        100 * n
    }
    assert_eq!((foo_bar(1), foo__bar(1), r#fn(1)), (1, 10, 100));
}

#[test]
fn clear_empties_the_caches_of_the_thread() {
    assert_eq!(runs(|| (last(7), two(7))), 2);
    assert_eq!(runs(|| (last(7), two(7))), 0);
    memo::clear();
    assert_eq!(runs(|| (last(7), two(7))), 2);
    assert_eq!(runs(|| (last(7), two(7))), 0, "and they are used again");
}

#[test]
fn the_module_and_the_attribute_share_a_name() {
    #[salvia::memo(single)]
    fn f(n: u32) -> u32 {
        n
    }
    salvia::memo::clear();
    assert_eq!(f(1), 1);
}
