//! Collections that come at a bad time, each set up so that it happens every time.

use std::cell::RefCell;
use std::hash::{Hash, Hasher};

use futures::FutureExt;
use salvia::{Collect, QueryContext, query};

use crate::kit::{Counts, Slot, counted, gated, in_place, pass, put, ran, soon};

/// Waits at the gate once its input is set.
#[query]
async fn waits(cx: &QueryContext) -> i64 {
    let value = Slot(1).get(cx).await;
    if value > 0 {
        pass(cx).await;
    }
    value / 10
}

#[query]
async fn above(cx: &QueryContext) -> i64 {
    ran(cx, "above");
    waits(cx).await
}

/// A value that turns out to be right still is there then.
#[tokio::test]
async fn a_value_that_is_being_checked_is_not_collected() {
    soon(async {
        let (rt, counts, gate) = gated();
        let asking = || {
            let rt = rt.clone();
            tokio::spawn(async move { rt.query(async |cx| above(&cx).await).await })
        };
        assert_eq!(asking().await.expect("it ends"), 0);
        put(&rt, 1, 5).await;
        let checking = asking();
        gate.entered().await;
        let collected = rt.collect_garbage(Collect::All);
        assert_eq!((collected.values, collected.nodes), (0, 0));
        gate.open();
        assert_eq!(checking.await.expect("it ends"), 0);
        assert_eq!(asking().await.expect("it ends"), 0);
        assert_eq!(counts.of("above"), 1, "what it was made from is as it was");
    })
    .await;
}

/// What happens in the midst of something else.
type Act = Box<dyn FnOnce()>;

thread_local! {
    /// What is done in a comparison of keys, and in which one from here on.
    static IN_COMPARISON: RefCell<Option<(u32, Act)>> = const { RefCell::new(None) };
}

fn in_comparison(number: u32, what: impl FnOnce() + 'static) {
    IN_COMPARISON.set(Some((number, Box::new(what))));
}

/// All keys have one hash.
#[derive(Debug, Clone, Eq)]
struct Key(i64);

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        let due = IN_COMPARISON.with_borrow_mut(|place| {
            let (number, _) = place.as_mut()?;
            *number -= 1;
            if *number == 0 { place.take() } else { None }
        });
        if let Some((_, what)) = due {
            what();
        }
        self.0 == other.0
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u8(0);
    }
}

#[query]
async fn keyed(key: Key, cx: &QueryContext) -> i64 {
    ran(cx, "keyed");
    Slot(1).get(cx).await + key.0
}

/// The look-up finds it out of date, and loses it while it compares.
#[tokio::test]
async fn a_node_that_goes_while_it_is_looked_up_is_made_again() {
    soon(async {
        let (rt, counts) = counted();
        let ask = || rt.query(async |cx| keyed(Key(1), &cx).await);
        assert_eq!(ask().await, 1);
        put(&rt, 1, 10).await;
        let collecting = rt.clone();
        in_comparison(1, move || {
            assert_eq!(collecting.collect_garbage(Collect::All).nodes, 1);
        });
        assert_eq!(ask().await, 11);
        assert_eq!(ask().await, 11);
        assert_eq!(counts.of("keyed"), 2);
    })
    .await;
}

/// Another node comes in between, so it is looked up once more, and that panics.
#[tokio::test]
async fn a_comparison_that_panics_leaves_no_node_behind() {
    soon(async {
        let why = "what is asked in a comparison is awaited there, on the only thread";
        let rt = in_place(why).resource(Counts::default()).build();
        let ask = |key| rt.try_query(async move |cx| keyed(Key(key), &cx).await);
        ask(1).await.expect("no panic");
        let other = rt.clone();
        in_comparison(2, move || {
            let other = other.query(async |cx| keyed(Key(3), &cx).await);
            assert_eq!(futures::executor::block_on(other), 3);
            in_comparison(1, || crate::kit::boom("incomparable"));
        });
        let asking = std::panic::AssertUnwindSafe(ask(2)).catch_unwind();
        asking.await.expect_err("the panic is the asker's");
        assert_eq!(
            rt.stats().nodes,
            2,
            "that of the first, and that of the third"
        );
        assert_eq!(ask(2).await.expect("no panic"), 2);
        assert_eq!(rt.stats().nodes, 3);
    })
    .await;
}

#[query]
async fn plain(n: i64, cx: &QueryContext) -> i64 {
    ran(cx, format!("plain({n})"));
    n
}

#[query]
async fn below(cx: &QueryContext) -> i64 {
    Slot(1).get(cx).await
}

#[query]
async fn reader(cx: &QueryContext) -> i64 {
    below(cx).await * 10
}

/// What a reader was made from goes without it, and nodes take its slot whose values have never changed.
#[tokio::test]
async fn a_slot_that_is_used_again_is_not_what_was_read() {
    soon(async {
        let (rt, _) = counted();
        let ask = || rt.query(async |cx| reader(&cx).await);
        assert_eq!(ask().await, 0);
        put(&rt, 9, 1).await;
        // Taken as it is, without a look at what it was made from.
        assert_eq!(ask().await, 0);
        put(&rt, 1, 4).await;
        let collected = rt.collect_garbage(Collect::Unused { revisions: 1 });
        assert_eq!((collected.values, collected.nodes), (1, 1));
        for n in 0..4 {
            assert_eq!(rt.query(async |cx| plain(n, &cx).await).await, n);
        }
        assert_eq!(ask().await, 40);
    })
    .await;
}

/// Keeps two values.
#[query(lru = 2)]
async fn page(n: i64, cx: &QueryContext) -> i64 {
    ran(cx, format!("page({n})"));
    Slot(1).get(cx).await / 10 + n
}

#[query]
async fn title(n: i64, cx: &QueryContext) -> i64 {
    ran(cx, format!("title({n})"));
    page(n, cx).await * 100
}

/// That nothing has changed is known without the value.
#[tokio::test]
async fn a_check_of_what_was_evicted_makes_no_value() {
    soon(async {
        let (rt, counts) = counted();
        let ask = || rt.query(async |cx| title(1, &cx).await);
        assert_eq!(ask().await, 100);
        put(&rt, 1, 5).await;
        // It runs again, comes to the same, and goes when enough others have come.
        for n in 1..7 {
            assert_eq!(rt.query(async |cx| page(n, &cx).await).await, n);
        }
        counts.take();
        assert_eq!(ask().await, 100);
        assert!(counts.take().is_empty());
        assert_eq!(rt.query(async |cx| page(1, &cx).await).await, 1);
        assert_eq!(counts.take(), ["page(1)"]);
    })
    .await;
}

/// Two make the node of one key at once. The one who comes too late gives up what it has made, and not what took its place
/// because somebody collected it.
#[tokio::test]
async fn a_node_that_nobody_can_find_yet_is_not_collected() {
    soon(async {
        let counts = Counts::default();
        let why = "the comparison asks on the only thread, which runs no task meanwhile";
        let rt = in_place(why).resource(counts.clone()).build();
        rt.query(async |cx| keyed(Key(0), &cx).await).await;
        let (other, all) = (rt.clone(), rt.clone());
        // In the second look-up of the first one, the other one is quicker.
        in_comparison(2, move || {
            let asked = other.query(async |cx| keyed(Key(1), &cx).await);
            assert_eq!(futures::executor::block_on(asked), 1);
            // In the next, when the first one has compared with the older key.
            in_comparison(2, move || {
                assert_eq!(all.collect_garbage(Collect::All).nodes, 2);
                for n in 0..4 {
                    let asked = all.query(async |cx| plain(n, &cx).await);
                    assert_eq!(futures::executor::block_on(asked), n);
                }
            });
        });
        assert_eq!(rt.query(async |cx| keyed(Key(1), &cx).await).await, 1);
        for n in 0..4 {
            assert_eq!(rt.query(async |cx| plain(n, &cx).await).await, n);
            assert_eq!(counts.of(&format!("plain({n})")), 1);
        }
    })
    .await;
}

/// The same in every round but the second one.
#[query]
async fn slow_part(cx: &QueryContext) -> i64 {
    let value = Slot(1).get(cx).await;
    if value == 1 {
        pass(cx).await;
    }
    value / 10
}

/// Keeps one value.
#[query(lru = 1)]
async fn kept_once(n: i64, cx: &QueryContext) -> i64 {
    if Slot(2).get(cx).await > 0 {
        return -n;
    }
    slow_part(cx).await + n
}

/// A check of a value that has gone is overtaken: it says that the value was right, and has none to give.
#[tokio::test]
async fn an_overtaken_check_of_what_was_evicted_is_followed_by_an_execution() {
    soon(async {
        let (rt, _, gate) = gated();
        let ask = |n| rt.query(async move |cx| kept_once(n, &cx).await);
        // The second one takes the place of the first.
        assert_eq!((ask(1).await, ask(2).await), (1, 2));
        put(&rt, 1, 1).await;
        let old = rt.snapshot();
        let checking = {
            let old = old.clone();
            tokio::spawn(async move { old.query(async |cx| kept_once(1, &cx).await).await })
        };
        gate.entered().await;
        put(&rt, 2, 1).await;
        assert_eq!(ask(1).await, -1);
        gate.open();
        assert_eq!(checking.await.expect("it ends"), 1);
        assert_eq!(old.query(async |cx| kept_once(1, &cx).await).await, 1);
        assert_eq!(ask(1).await, -1);
    })
    .await;
}
