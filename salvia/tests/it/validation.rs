//! Checking what was recorded: in its order, stopped at the first change, never what a fresh run would not ask.

use futures::future::join_all;
use salvia::{QueryContext, query};
use tokio::join;

use crate::kit::{Slot, counted, put, ran, soon};

/// The slot that holds the length; the items are the slots from 1 on.
const LEN: u32 = 0;

/// Takes its time, so that whoever does not wait for it is found out.
#[query]
async fn len(cx: &QueryContext) -> u32 {
    ran(cx, "len");
    tokio::task::yield_now().await;
    Slot(LEN).get(cx).await as u32
}

#[query]
async fn item(n: u32, cx: &QueryContext) -> i64 {
    ran(cx, format!("item({n})"));
    assert!(n < len(cx).await, "item {n} does not exist");
    Slot(n + 1).get(cx).await
}

/// An item that cannot tell whether it exists.
#[query]
async fn raw_item(n: u32, cx: &QueryContext) -> i64 {
    ran(cx, format!("raw_item({n})"));
    Slot(n + 1).get(cx).await
}

/// The guard pattern. After the list shrank, an item that is gone is not run to see whether it changed.
#[tokio::test]
async fn a_guarded_item_is_not_run_beyond_the_length() {
    #[query]
    async fn sum(cx: &QueryContext) -> i64 {
        ran(cx, "sum");
        let mut sum = 0;
        for n in 0..len(cx).await {
            sum += item(n, cx).await;
        }
        sum
    }
    soon(async {
        let (rt, counts) = counted();
        let ask = |cx: QueryContext| async move { sum(&cx).await };
        put(&rt, LEN, 3).await;
        assert_eq!(rt.query(ask).await, 0);
        counts.take();
        // The length and the item that goes change together.
        rt.mutate(|cx| async move {
            Slot(LEN).set(2, &cx).await;
            Slot(3).set(30, &cx).await;
        })
        .await;
        assert_eq!(rt.query(ask).await, 0);
        assert_eq!(counts.take(), ["item(0)", "item(1)", "len", "sum"]);
    })
    .await;
}

/// The same where all items are asked at once.
#[tokio::test]
async fn joined_items_are_not_run_beyond_the_length() {
    #[query]
    async fn sum(cx: &QueryContext) -> i64 {
        ran(cx, "sum");
        let items: Vec<_> = (0..len(cx).await).map(|n| raw_item(n, cx)).collect();
        join_all(items).await.into_iter().sum()
    }
    soon(async {
        let (rt, counts) = counted();
        let ask = |cx: QueryContext| async move { sum(&cx).await };
        put(&rt, LEN, 40).await;
        rt.query(ask).await;
        counts.take();
        rt.mutate(|cx| async move {
            Slot(LEN).set(2, &cx).await;
            for n in 1..=40 {
                Slot(n).set(1, &cx).await;
            }
        })
        .await;
        assert_eq!(rt.query(ask).await, 2);
        assert_eq!(counts.take(), ["len", "raw_item(0)", "raw_item(1)", "sum"]);
        // Growing again, the items that came back are what they are now.
        put(&rt, LEN, 40).await;
        assert_eq!(rt.query(ask).await, 40);
        assert_eq!(counts.take().len(), 2 + 38);
    })
    .await;
}

/// One that is gone and one that stays, decided by a value and not by a number.
#[tokio::test]
async fn a_branch_not_taken_is_not_run() {
    #[query]
    async fn switched(cx: &QueryContext) -> i64 {
        ran(cx, "switched");
        if len(cx).await == 0 {
            raw_item(1, cx).await
        } else {
            raw_item(2, cx).await
        }
    }
    soon(async {
        let (rt, counts) = counted();
        let ask = |cx: QueryContext| async move { switched(&cx).await };
        rt.query(ask).await;
        counts.take();
        rt.mutate(|cx| async move {
            Slot(LEN).set(1, &cx).await;
            Slot(2).set(7, &cx).await;
        })
        .await;
        rt.query(ask).await;
        assert_eq!(counts.take(), ["len", "raw_item(2)", "switched"]);
    })
    .await;
}

/// The first change ends the check: what came after it runs only if the body asks for it again.
#[tokio::test]
async fn a_check_stops_at_the_first_change() {
    #[query]
    async fn stops_early(cx: &QueryContext) -> i64 {
        ran(cx, "stops_early");
        for n in 0..10 {
            if raw_item(n, cx).await > 0 {
                return n.into();
            }
        }
        -1
    }
    soon(async {
        let (rt, counts) = counted();
        let ask = |cx: QueryContext| async move { stops_early(&cx).await };
        assert_eq!(rt.query(ask).await, -1);
        counts.take();
        rt.mutate(|cx| async move {
            for n in 4..=10 {
                Slot(n).set(1, &cx).await;
            }
        })
        .await;
        assert_eq!(rt.query(ask).await, 3);
        assert_eq!(counts.take(), ["raw_item(3)", "stops_early"]);
    })
    .await;
}

/// A node with two ways to it is checked once.
#[tokio::test]
async fn a_diamond_runs_each_node_once() {
    #[query]
    async fn left(cx: &QueryContext) -> i64 {
        ran(cx, "left");
        raw_item(0, cx).await + 1
    }
    #[query]
    async fn right(cx: &QueryContext) -> i64 {
        ran(cx, "right");
        raw_item(0, cx).await * 2
    }
    #[query]
    async fn top(cx: &QueryContext) -> i64 {
        ran(cx, "top");
        let (left, right) = join!(left(cx), right(cx));
        left + right
    }
    soon(async {
        let (rt, counts) = counted();
        let ask = |cx: QueryContext| async move { top(&cx).await };
        for value in 1..=5 {
            put(&rt, 1, value).await;
            assert_eq!(rt.query(ask).await, 3 * value + 1);
            assert_eq!(counts.take(), ["left", "raw_item(0)", "right", "top"]);
        }
    })
    .await;
}

/// What was asked for at once is checked at once: the check does not wait for one slow leaf after the other.
#[tokio::test]
async fn joined_dependencies_are_checked_concurrently() {
    use crate::kit::{gated, pass};

    const SLOW: u32 = 20;

    #[query]
    async fn slow(n: u32, cx: &QueryContext) -> i64 {
        let value: i64 = Slot(n).get(cx).await;
        if value > 0 {
            pass(cx).await;
        }
        0
    }
    #[query]
    async fn all(cx: &QueryContext) -> i64 {
        ran(cx, "all");
        let leaves: Vec<_> = (1..=SLOW).map(|n| slow(n, cx)).collect();
        join_all(leaves).await.into_iter().sum()
    }
    soon(async {
        let (rt, counts, gate) = gated();
        let ask = |cx: QueryContext| async move { all(&cx).await };
        rt.query(ask).await;
        rt.mutate(|cx| async move {
            for n in 1..=SLOW {
                Slot(n).set(1, &cx).await;
            }
        })
        .await;
        let all_arrive = async {
            for _ in 0..SLOW {
                gate.entered().await;
            }
            gate.open();
        };
        join!(rt.query(ask), all_arrive);
        assert_eq!(counts.of("all"), 1, "they all came out equal");
    })
    .await;
}

/// And what was asked for one after the other is checked one after the other.
#[tokio::test]
async fn sequential_dependencies_are_checked_in_order() {
    #[query]
    async fn both(cx: &QueryContext) -> i64 {
        ran(cx, "both");
        if raw_item(0, cx).await > 10 {
            return 0;
        }
        raw_item(1, cx).await
    }
    soon(async {
        let (rt, counts) = counted();
        let ask = |cx: QueryContext| async move { both(&cx).await };
        rt.query(ask).await;
        counts.take();
        rt.mutate(|cx| async move {
            Slot(1).set(11, &cx).await;
            Slot(2).set(11, &cx).await;
        })
        .await;
        rt.query(ask).await;
        assert_eq!(counts.take(), ["both", "raw_item(0)"]);
    })
    .await;
}
