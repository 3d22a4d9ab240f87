//! What a query waited for, as an explanation tells it. The clock stands still while there is anything to do, so times are exact.

use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use salvia::{Collect, QueryContext, Runtime, Waits, query};
use tokio::time::{sleep, timeout};

use crate::kit::{Slot, put, runtime, soon};

fn ms(time: u64) -> Duration {
    Duration::from_millis(time)
}

/// Sleeps for as many milliseconds as the slot says.
#[query]
async fn nap(slot: u32, cx: &QueryContext) -> i64 {
    let time = Slot(slot).get(cx).await;
    if time > 0 {
        sleep(ms(time.unsigned_abs())).await;
    }
    time
}

#[query]
async fn joined(slots: Vec<u32>, cx: &QueryContext) -> i64 {
    let naps = slots.into_iter().map(|slot| nap(slot, cx));
    join_all(naps).await.into_iter().sum()
}

/// The waits of `joined`, as numbers: in all, outside, and each.
async fn waits(rt: &Arc<Runtime>, slots: &[u32]) -> Option<(u128, u128, Vec<(String, u128)>)> {
    let slots = slots.to_vec();
    let why = rt.query(async |cx| cx.explain(joined(slots, &cx))).await;
    why.waits().map(told)
}

fn told(waits: &Waits) -> (u128, u128, Vec<(String, u128)>) {
    let each = waits.longest().iter().map(|wait| {
        let on = wait.on().unwrap_or("gone").to_owned();
        (on, wait.time().as_millis())
    });
    (
        waits.total().as_millis(),
        waits.outside().as_millis(),
        each.collect(),
    )
}

fn each<const N: usize>(each: [(&str, u128); N]) -> Vec<(String, u128)> {
    each.map(|(on, time)| (on.to_owned(), time)).to_vec()
}

async fn ask(rt: &Arc<Runtime>, slots: &[u32]) -> i64 {
    let slots = slots.to_vec();
    rt.query(async |cx| joined(slots, &cx).await).await
}

#[tokio::test(start_paused = true)]
async fn a_run_tells_which_query_it_waited_for_and_what_was_outside() {
    #[query]
    async fn page(cx: &QueryContext) -> i64 {
        sleep(ms(2)).await;
        nap(0, cx).await
    }
    soon(async {
        let rt = runtime();
        put(&rt, 0, 5).await;
        rt.query(async |cx| page(&cx).await).await;
        let why = rt.query(async |cx| cx.explain(page(&cx))).await;
        assert_eq!(
            why.to_string(),
            "page() ran at r1: first run\n  \
             waited 7 ms: 5 ms for nap(0), 2 ms outside of queries"
        );
        let waits = why.waits().expect("it waited");
        assert_eq!(told(waits), (7, 2, each([("nap(0)", 5)])));
        assert_eq!((waits.at(), waits.checked()), (rt.revision(), false));
        let below = rt.query(async |cx| cx.explain(nap(0, &cx))).await;
        assert_eq!(
            below.to_string(),
            "nap(0) ran at r1: first run\n  waited 5 ms outside of queries"
        );
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn waits_of_a_joined_set_overlap_and_say_so() {
    soon(async {
        let rt = runtime();
        put(&rt, 0, 5).await;
        put(&rt, 1, 3).await;
        ask(&rt, &[1, 0]).await;
        let expected = each([("nap(0)", 5), ("nap(1)", 3)]);
        assert_eq!(waits(&rt, &[1, 0]).await, Some((5, 0, expected)));
        let why = rt
            .query(async |cx| cx.explain(joined(vec![1, 0], &cx)))
            .await;
        let lines = why.to_string();
        let line = "  waited 5 ms: 5 ms for nap(0), 3 ms for nap(1) (at the same time)";
        assert_eq!(lines.lines().nth(1), Some(line));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn of_many_waits_the_longest_are_told() {
    soon(async {
        let rt = runtime();
        let slots: Vec<u32> = (1..=7).collect();
        for slot in 1..=7 {
            put(&rt, slot, slot.into()).await;
        }
        ask(&rt, &slots).await;
        let expected = each([("nap(7)", 7), ("nap(6)", 6), ("nap(5)", 5), ("nap(4)", 4)]);
        assert_eq!(waits(&rt, &slots).await, Some((7, 0, expected)));
        let why = rt.query(async |cx| cx.explain(joined(slots, &cx))).await;
        assert_eq!(why.waits().map(Waits::others), Some(3));
        assert!(why.to_string().contains(", less for 3 more ("), "{why}");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_run_that_waited_for_nothing_says_nothing() {
    soon(async {
        let rt = runtime();
        ask(&rt, &[0, 1]).await;
        assert_eq!(waits(&rt, &[0, 1]).await, None);
        let why = rt
            .query(async |cx| cx.explain(joined(vec![0, 1], &cx)))
            .await;
        assert!(!why.to_string().contains("waited"), "{why}");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_run_without_waits_forgets_those_before_and_their_memory() {
    soon(async {
        let rt = runtime();
        put(&rt, 0, 5).await;
        ask(&rt, &[0]).await;
        assert!(waits(&rt, &[0]).await.is_some());
        let before = rt.stats().bytes;
        put(&rt, 0, -1).await;
        ask(&rt, &[0]).await;
        assert_eq!(waits(&rt, &[0]).await, None);
        assert!(rt.stats().bytes < before, "{before}");
    })
    .await;
}

/// What a run waited for while it found out that it has to run is part of its waits: most of them are there.
#[tokio::test(start_paused = true)]
async fn a_run_after_a_change_tells_what_its_check_waited_for() {
    soon(async {
        let rt = runtime();
        ask(&rt, &[0]).await;
        put(&rt, 0, 5).await;
        assert_eq!(ask(&rt, &[0]).await, 5);
        let expected = each([("nap(0)", 5)]);
        assert_eq!(waits(&rt, &[0]).await, Some((5, 0, expected)));
        let why = rt.query(async |cx| cx.explain(joined(vec![0], &cx))).await;
        assert_eq!(
            why.to_string(),
            "\
joined([0]) ran at r1: nap(0) changed
  waited 5 ms: 5 ms for nap(0)
  nap(0) ran at r1: Slot(0) changed
    waited 5 ms outside of queries
    Slot(0) was set at r1"
        );
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_check_that_waited_is_told_as_one_until_the_next_run() {
    #[query]
    async fn awake(cx: &QueryContext) -> bool {
        nap(0, cx).await == 0
    }
    #[query]
    async fn asleep(cx: &QueryContext) -> bool {
        !awake(cx).await
    }
    soon(async {
        let rt = runtime();
        let ask = async || rt.query(async |cx| asleep(&cx).await).await;
        let why = async || rt.query(async |cx| cx.explain(asleep(&cx))).await;
        put(&rt, 0, 3).await;
        ask().await;
        assert_eq!(
            why().await.to_string(),
            "asleep() ran at r1: first run\n  waited 3 ms: 3 ms for awake()"
        );
        put(&rt, 0, 5).await;
        assert!(ask().await, "cut off at what it reads");
        let checked = why().await;
        let line = "  its check at r2 waited 5 ms: 5 ms for awake()";
        assert_eq!(checked.to_string().lines().nth(1), Some(line));
        assert!(checked.waits().is_some_and(Waits::checked));
        // A check that does not wait leaves that.
        put(&rt, 0, -1).await;
        assert!(ask().await);
        assert_eq!(why().await.waits(), checked.waits());
        put(&rt, 0, 0).await;
        assert!(!ask().await);
        assert_eq!(why().await.waits(), None);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn who_joins_the_run_of_another_caller_waits_for_the_rest_of_it() {
    soon(async {
        let rt = runtime();
        put(&rt, 0, 5).await;
        let first = rt.query(async |cx| nap(0, &cx).await);
        let second = async {
            sleep(ms(2)).await;
            ask(&rt, &[0]).await
        };
        assert_eq!(futures::join!(first, second), (5, 5));
        let expected = each([("nap(0)", 3)]);
        assert_eq!(waits(&rt, &[0]).await, Some((3, 0, expected)));
    })
    .await;
}

/// Neither a name that is no more, nor that of what took its place.
#[tokio::test(start_paused = true)]
async fn what_was_waited_for_in_vain_and_is_gone_is_told_as_gone() {
    #[query]
    async fn impatient(cx: &QueryContext) -> bool {
        let first = timeout(ms(4), nap(0, cx)).await.is_ok();
        // No wait for that query any more.
        sleep(ms(2)).await;
        first
    }
    soon(async {
        let rt = runtime();
        put(&rt, 0, 900).await;
        // Who reads it keeps it.
        let mut watch = rt.watch(async |cx: QueryContext| impatient(&cx).await);
        assert_eq!(watch.next().await, Some(false));
        let why = async || rt.query(async |cx| cx.explain(impatient(&cx))).await;
        let told_at_first = why().await.waits().map(told);
        assert_eq!(told_at_first, Some((6, 2, each([("nap(0)", 4)]))));
        // Until nobody is at it any more.
        sleep(ms(950)).await;
        assert!(rt.collect_garbage(Collect::All).nodes > 0);
        let why_gone = why().await;
        assert!(
            why_gone
                .to_string()
                .contains("4 ms for a query that is gone"),
            "{why_gone}"
        );
        let others: Vec<u32> = (1..40).collect();
        ask(&rt, &others).await;
        assert_eq!(why().await.waits(), why_gone.waits());
    })
    .await;
}

/// Nodes without a name wait, and are waited for, like others.
#[tokio::test(start_paused = true)]
async fn a_wait_for_an_anonymous_node_is_told() {
    #[query]
    async fn rows(cx: &QueryContext) -> i64 {
        cx.memo(0_u32, async |slot, cx| nap(slot, cx).await).await
    }
    soon(async {
        let rt = runtime();
        put(&rt, 0, 5).await;
        rt.query(async |cx| rows(&cx).await).await;
        let why = rt.query(async |cx| cx.explain(rows(&cx))).await;
        let waits = why.waits().expect("it waited");
        let [wait] = waits.longest() else {
            panic!("{why}");
        };
        assert_eq!((wait.time(), waits.total()), (ms(5), ms(5)));
        let inner = rt
            .graph()
            .nodes
            .into_iter()
            .find(|node| Some(&*node.name) == wait.on());
        let inner = rt.explain_node(&inner.expect("it is named as in the graph"));
        let below = inner.and_then(|why| why.waits().map(told));
        assert_eq!(below, Some((5, 0, each([("nap(0)", 5)]))));
    })
    .await;
}

#[cfg(feature = "serde")]
#[tokio::test(start_paused = true)]
async fn waits_are_serialized_in_nanoseconds() {
    soon(async {
        let rt = runtime();
        put(&rt, 0, 5).await;
        ask(&rt, &[0]).await;
        let why = rt.query(async |cx| cx.explain(joined(vec![0], &cx))).await;
        let json = serde_json::to_value(why.waits()).expect("it is text and numbers");
        let expected = serde_json::json!({
            "at": 1,
            "checked": false,
            "total": 5_000_000,
            "outside": 0,
            "longest": [{ "on": "nap(0)", "time": 5_000_000 }],
            "others": 0,
        });
        assert_eq!(json, expected);
    })
    .await;
}
