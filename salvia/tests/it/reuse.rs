//! What does not run again: hits, unrelated changes, early cut-off, constants, and right answers all along.

use std::sync::Arc;

use futures::future::join_all;
use salvia::{QueryContext, Runtime, query};
use tokio::join;

use crate::kit::{Slot, counted, put, ran, soon, within};

#[query]
async fn leaf(n: u32, cx: &QueryContext) -> i64 {
    ran(cx, format!("leaf({n})"));
    Slot(n).get(cx).await
}

#[query]
async fn parity(n: u32, cx: &QueryContext) -> bool {
    ran(cx, format!("parity({n})"));
    leaf(n, cx).await % 2 != 0
}

#[query]
async fn both_odd(cx: &QueryContext) -> bool {
    ran(cx, "both_odd");
    let (one, two) = join!(parity(1, cx), parity(2, cx));
    one && two
}

async fn ask(rt: &Arc<Runtime>) -> bool {
    rt.query(|cx| async move { both_odd(&cx).await }).await
}

#[tokio::test]
async fn a_query_runs_once_a_revision() {
    soon(async {
        let (rt, counts) = counted();
        rt.query(|cx| async move {
            both_odd(&cx).await;
            both_odd(&cx).await;
            parity(1, &cx).await;
        })
        .await;
        for _ in 0..5 {
            assert!(!ask(&rt).await);
        }
        assert_eq!(
            counts.take(),
            ["both_odd", "leaf(1)", "leaf(2)", "parity(1)", "parity(2)"]
        );
    })
    .await;
}

#[tokio::test]
async fn an_unrelated_change_runs_nothing() {
    soon(async {
        let (rt, counts) = counted();
        ask(&rt).await;
        counts.take();
        for value in 1..10 {
            put(&rt, 3, value).await;
            ask(&rt).await;
        }
        assert!(counts.take().is_empty());
    })
    .await;
}

/// A change runs its own way up and nothing beside it.
#[tokio::test]
async fn a_change_runs_only_what_it_affects() {
    soon(async {
        let (rt, counts) = counted();
        ask(&rt).await;
        counts.take();
        put(&rt, 2, 1).await;
        assert!(!ask(&rt).await);
        assert_eq!(counts.take(), ["both_odd", "leaf(2)", "parity(2)"]);
        put(&rt, 1, 1).await;
        assert!(ask(&rt).await);
        assert_eq!(counts.take(), ["both_odd", "leaf(1)", "parity(1)"]);
    })
    .await;
}

#[tokio::test]
async fn an_equal_value_cuts_the_change_off() {
    soon(async {
        let (rt, counts) = counted();
        ask(&rt).await;
        counts.take();
        put(&rt, 1, 2).await;
        assert!(!ask(&rt).await);
        assert_eq!(
            counts.take(),
            ["leaf(1)", "parity(1)"],
            "zero and two are both even"
        );
        // And once cut off, it is a hit like any other.
        ask(&rt).await;
        assert!(counts.take().is_empty());
    })
    .await;
}

/// Cut off in the middle of a chain, however long, in either order of asking.
#[tokio::test]
async fn a_change_is_cut_off_where_the_value_is_equal() {
    #[query]
    async fn halved(depth: u32, cx: &QueryContext) -> i64 {
        ran(cx, format!("halved({depth})"));
        match depth {
            0 => Slot(1).get(cx).await,
            depth => halved(depth - 1, cx).await / 2,
        }
    }
    soon(async {
        let (rt, counts) = counted();
        put(&rt, 1, 1024).await;
        let top = |cx: QueryContext| async move { halved(20, &cx).await };
        rt.query(top).await;
        counts.take();
        put(&rt, 1, 1031).await;
        rt.query(top).await;
        // 1031, 515, 257, 128: the third halving is what it was.
        assert_eq!(
            counts.take(),
            ["halved(0)", "halved(1)", "halved(2)", "halved(3)"]
        );
    })
    .await;
}

#[tokio::test]
async fn a_constant_never_runs_again() {
    #[query]
    async fn seven(cx: &QueryContext) -> i64 {
        ran(cx, "seven");
        7
    }
    #[query]
    async fn times_seven(cx: &QueryContext) -> i64 {
        ran(cx, "times_seven");
        seven(cx).await * Slot(1).get(cx).await
    }
    soon(async {
        let (rt, counts) = counted();
        for value in 1..=300 {
            put(&rt, 1, value).await;
            assert_eq!(
                rt.query(|cx| async move { times_seven(&cx).await }).await,
                7 * value
            );
        }
        assert_eq!((counts.of("seven"), counts.of("times_seven")), (1, 300));
    })
    .await;
}

/// Nothing wraps around, neither at one byte nor at two.
#[tokio::test]
async fn many_revisions_without_being_asked_change_no_answer() {
    within(20, async {
        for others in [254, 255, 256, 257, 511, 512, 65_535, 65_536] {
            let (rt, counts) = counted();
            put(&rt, 1, 1).await;
            assert!(!ask(&rt).await);
            counts.take();
            // Never asked meanwhile: once with its own input among what changed, once without.
            for value in 1..=others {
                put(&rt, 3, value).await;
            }
            assert!(!ask(&rt).await);
            assert!(counts.take().is_empty(), "after {others} revisions");
            for value in 1..=others.min(600) {
                put(&rt, 2, value).await;
            }
            assert_eq!(
                ask(&rt).await,
                others.min(600) % 2 == 1,
                "after {others} revisions"
            );
            assert_eq!(counts.of("leaf(2)"), 1);
        }
    })
    .await;
}

#[tokio::test]
async fn only_the_dependencies_of_the_last_execution_count() {
    #[query]
    async fn chosen(cx: &QueryContext) -> i64 {
        ran(cx, "chosen");
        if Slot(0).get(cx).await == 0 {
            leaf(1, cx).await
        } else {
            leaf(2, cx).await
        }
    }
    soon(async {
        let (rt, counts) = counted();
        let ask = |cx: QueryContext| async move { chosen(&cx).await };
        assert_eq!(rt.query(ask).await, 0);
        put(&rt, 0, 1).await;
        assert_eq!(rt.query(ask).await, 0);
        assert_eq!(counts.take(), ["chosen", "chosen", "leaf(1)", "leaf(2)"]);

        put(&rt, 1, 5).await;
        assert_eq!(rt.query(ask).await, 0);
        assert!(
            counts.take().is_empty(),
            "`leaf(1)` is no dependency any more"
        );
        put(&rt, 2, 6).await;
        assert_eq!(rt.query(ask).await, 6);
        assert_eq!(counts.take(), ["chosen", "leaf(2)"]);
        // Back again: what changed while it was no dependency is seen.
        put(&rt, 0, 0).await;
        assert_eq!(rt.query(ask).await, 5);
        assert_eq!(counts.take(), ["chosen", "leaf(1)"]);
    })
    .await;
}

/// Through an intermediate query as well, a value that changed back is a change to who saw the middle one.
#[tokio::test]
async fn a_query_that_changed_back_is_a_change_to_who_saw_the_middle() {
    soon(async {
        let (rt, counts) = counted();
        put(&rt, 2, 1).await;
        assert!(!ask(&rt).await);
        put(&rt, 1, 1).await;
        assert!(ask(&rt).await);
        counts.take();
        put(&rt, 1, 2).await;
        // `parity(1)` is asked alone first and is even as it was at the start; `both_odd` saw it odd.
        assert!(!rt.query(|cx| async move { parity(1, &cx).await }).await);
        assert!(!ask(&rt).await);
        assert_eq!(counts.take(), ["both_odd", "leaf(1)", "parity(1)"]);
    })
    .await;
}

/// Who did not look at the middle one keeps what it has, if it is told of no difference it can see.
#[tokio::test]
async fn a_dependency_asked_in_between_does_not_lose_its_readers() {
    soon(async {
        let (rt, counts) = counted();
        put(&rt, 2, 1).await;
        assert!(!ask(&rt).await);
        // Somebody else brings `parity(1)` to the middle value and back; `both_odd` sleeps through both.
        for value in [1, 2] {
            put(&rt, 1, value).await;
            assert_eq!(
                rt.query(|cx| async move { parity(1, &cx).await }).await,
                value == 1
            );
        }
        counts.take();
        assert!(
            !ask(&rt).await,
            "whether it runs or not, the answer is that of the newest revision"
        );
        put(&rt, 1, 3).await;
        assert!(ask(&rt).await, "and it hears of the next change");
    })
    .await;
}

/// An edit costs what it affects, whatever the number of inputs.
#[tokio::test]
async fn an_edit_among_ten_thousand_inputs_runs_its_own_way_only() {
    #[query]
    async fn group(g: u32, cx: &QueryContext) -> i64 {
        ran(cx, format!("group({g})"));
        let leaves: Vec<_> = (0..100).map(|n| leaf(100 * g + n, cx)).collect();
        join_all(leaves).await.into_iter().sum()
    }
    #[query]
    async fn everything(cx: &QueryContext) -> i64 {
        ran(cx, "everything");
        let groups: Vec<_> = (0..100).map(|g| group(g, cx)).collect();
        join_all(groups).await.into_iter().sum()
    }
    within(20, async {
        let (rt, counts) = counted();
        let ask = |cx: QueryContext| async move { everything(&cx).await };
        assert_eq!(rt.query(ask).await, 0);
        assert_eq!(counts.take().len(), 10_101);
        put(&rt, 4321, 5).await;
        assert_eq!(rt.query(ask).await, 5);
        assert_eq!(counts.take(), ["everything", "group(43)", "leaf(4321)"]);
    })
    .await;
}

/// A small language whose programs are queries, against a plain evaluator.
mod language {
    use super::*;

    /// Node `n` reads slots and nodes below it, in a way that depends on their values.
    #[query]
    pub(super) async fn node(n: u32, cx: &QueryContext) -> i64 {
        let first: i64 = Slot(n % 5).get(cx).await;
        match n {
            0 => first,
            n if first > 1 => node(n - 1, cx).await.max(first),
            n if n % 3 == 0 => {
                let (a, b) = join!(node(n / 2, cx), node(n - 1, cx));
                (a + b) % 4
            }
            n => (node(n - 1, cx).await / 2 + first) % 4,
        }
    }

    pub(super) fn plain(n: u32, slots: &[i64; 5]) -> i64 {
        let first = slots[n as usize % 5];
        match n {
            0 => first,
            n if first > 1 => plain(n - 1, slots).max(first),
            n if n % 3 == 0 => (plain(n / 2, slots) + plain(n - 1, slots)) % 4,
            n => (plain(n - 1, slots) / 2 + first) % 4,
        }
    }
}

/// The answer depends on the inputs alone, not on what was asked before.
#[tokio::test]
async fn the_same_inputs_give_the_same_answers() {
    within(20, async {
        let (rt, _) = counted();
        let (mut slots, mut dice) = ([0; 5], 0x2545_F491_u64);
        let mut roll = |sides: u64| {
            dice = dice
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (dice >> 33) % sides
        };
        for step in 0..2_000 {
            let (slot, value) = (roll(5), roll(4) as i64);
            slots[slot as usize] = value;
            put(&rt, slot as u32, value).await;
            let asked = roll(12) as u32;
            let answer = rt
                .query(|cx| async move { language::node(asked, &cx).await })
                .await;
            assert_eq!(
                answer,
                language::plain(asked, &slots),
                "step {step}: node({asked}) of {slots:?}"
            );
        }
    })
    .await;
}
