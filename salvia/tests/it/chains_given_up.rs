//! Chains whose values and nodes go: what is still read stays right, and what is not read any more leaves nothing.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures::poll;
use salvia::{Collect, QueryContext, Runtime, query};

use crate::kit::{Live, Slot, Tracked, builder, counted, gated, pass, put, ran, soon, within};

#[query]
async fn bottom(cx: &QueryContext) -> i64 {
    Slot(0).get::<i64>(cx).await / 10
}

#[query]
async fn link(n: u32, cx: &QueryContext) -> i64 {
    match n {
        0 => bottom(cx).await,
        _ => link(n - 1, cx).await + 1,
    }
}

#[tokio::test]
async fn what_a_running_link_has_read_stays() {
    #[query]
    async fn slow(cx: &QueryContext) -> i64 {
        ran(cx, "slow");
        let value = link(7, cx).await;
        pass(cx).await;
        value
    }
    soon(async {
        let (rt, counts, gate) = gated();
        let ask = |cx: QueryContext| async move { slow(&cx).await };
        let mut first = pin!(rt.query(ask));
        assert!(poll!(first.as_mut()).is_pending());
        gate.entered().await;
        assert_eq!(rt.collect_garbage(Collect::All).nodes, 0);
        gate.open();
        assert_eq!(first.await, 7);
        assert_eq!(rt.query(ask).await, 7);
        assert_eq!(counts.of("slow"), 1);
    })
    .await;
}

/// However many of its links have had readers of another kind.
#[tokio::test]
async fn nothing_of_a_chain_is_left() {
    #[query]
    async fn sum(cx: &QueryContext) -> i64 {
        let mut sum = 0;
        for n in 0..100 {
            sum += link(n, cx).await;
        }
        sum
    }
    soon(async {
        let (rt, _) = counted();
        rt.query(|cx| async move { sum(&cx).await }).await;
        rt.collect_garbage(Collect::All);
        let stats = rt.stats();
        assert_eq!((stats.nodes, stats.inputs), (0, 0));
    })
    .await;
}

#[tokio::test]
async fn a_value_that_was_cut_off_goes_with_its_node() {
    #[derive(Clone)]
    struct Values(Live);

    #[query]
    async fn low(cx: &QueryContext) -> i64 {
        Slot(0).get(cx).await
    }
    #[query]
    async fn cut(cx: &QueryContext) -> Tracked {
        let tens = low(cx).await / 10;
        Tracked::new(tens.unsigned_abs(), &cx.resource::<Values>().0)
    }
    #[query]
    async fn upper(cx: &QueryContext) -> u64 {
        cut(cx).await.0
    }
    soon(async {
        let live = Live::default();
        let rt = builder().resource(Values(live.clone())).build();
        for value in 0..3 {
            put(&rt, 0, value).await;
            assert_eq!(rt.query(|cx| async move { upper(&cx).await }).await, 0);
        }
        rt.collect_garbage(Collect::All);
        assert_eq!((rt.stats().nodes, live.count()), (0, 0));
    })
    .await;
}

/// It has an end of its own, and is told like any other.
#[tokio::test]
async fn an_expiring_value_of_a_link_is_not_looked_at_for_nothing() {
    #[query]
    async fn for_a_while(cx: &QueryContext) -> i64 {
        cx.expires_in(Duration::from_secs(1_000));
        link(7, cx).await
    }
    soon(async {
        let (rt, _) = counted();
        let ask = async || rt.query(|cx| async move { for_a_while(&cx).await }).await;
        assert_eq!(ask().await, 7);
        let before = rt.stats().validations;
        put(&rt, 5, 1).await;
        assert_eq!(ask().await, 7);
        assert_eq!(rt.stats().validations, before);
        put(&rt, 0, 10).await;
        assert_eq!(ask().await, 8);
    })
    .await;
}

#[query]
async fn both(n: u32, cx: &QueryContext) -> i64 {
    let upper = link(n, cx).await;
    tokio::task::yield_now().await;
    1_000 * upper + link(n / 2, cx).await
}

#[query]
async fn late(n: u32, cx: &QueryContext) -> i64 {
    let value = link(n, cx).await;
    tokio::task::yield_now().await;
    value
}

/// Asks for something at the newest revision, where the input is read beside it.
async fn check(rt: &Arc<Runtime>, n: u32, which: u32) {
    let (got, expected) = rt
        .query(|cx| async move {
            let value = |n: u32, input: i64| input / 10 + i64::from(n);
            let input = Slot(0).get(&cx).await;
            match which % 3 {
                0 => (link(n, &cx).await, value(n, input)),
                1 => (late(n, &cx).await, value(n, input)),
                _ => {
                    let expected = 1_000 * value(n, input) + value(n / 2, input);
                    (both(n, &cx).await, expected)
                }
            }
        })
        .await;
    assert_eq!(got, expected, "{which} of {n}");
}

/// On four threads, with room for a handful of nodes: owners go while their ends are borrowed and told of.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_small_budget_beside_commits_hides_no_change() {
    within(60, async {
        let rt = builder().memory_budget(4_000).build();
        let readers: Vec<_> = (0..5_u32)
            .map(|seed| {
                let rt = rt.clone();
                tokio::spawn(async move {
                    let mut random = seed + 1;
                    for _ in 0..10_000 {
                        random ^= random << 13;
                        random ^= random >> 17;
                        random ^= random << 5;
                        check(&rt, random % 10, random / 16).await;
                    }
                })
            })
            .collect();
        let mut value = 0;
        while readers.iter().any(|reader| !reader.is_finished()) {
            value = (value + 7) % 40;
            put(&rt, 0, value).await;
            tokio::task::yield_now().await;
        }
        for reader in readers {
            reader.await.expect("what it read was right");
        }
    })
    .await;
}
