//! The options that say how a query compares its values and gives them out.

use std::sync::atomic::{AtomicUsize, Ordering};

use salvia::{QueryContext, Shared, query};

use crate::kit::{Slot, counted, put, ran, runtime};

/// Neither `Clone` nor `Eq`.
struct Plain(i64);

#[query(shared, no_eq)]
async fn plain(cx: &QueryContext) -> Plain {
    ran(cx, "plain");
    Plain(Slot(1).get(cx).await / 10)
}

#[query]
async fn reads_plain(cx: &QueryContext) -> i64 {
    ran(cx, "reads_plain");
    plain(cx).await.0
}

#[tokio::test]
async fn a_value_that_is_not_compared_is_always_another_one() {
    let (rt, counts) = counted();
    let ask = async || rt.query(async |cx| reads_plain(&cx).await).await;
    assert_eq!(ask().await, 0);
    counts.take();
    put(&rt, 1, 1).await;
    assert_eq!(ask().await, 0);
    assert_eq!(counts.take(), ["plain", "reads_plain"]);
    put(&rt, 2, 1).await;
    assert_eq!(ask().await, 0);
    assert!(counts.take().is_empty());
}

static CLONES: AtomicUsize = AtomicUsize::new(0);

#[derive(PartialEq, Eq)]
struct Counted(i64);

impl Clone for Counted {
    fn clone(&self) -> Self {
        CLONES.fetch_add(1, Ordering::Relaxed);
        Counted(self.0)
    }
}

#[query(shared)]
async fn counted_value(cx: &QueryContext) -> Counted {
    ran(cx, "counted_value");
    Counted(Slot(1).get(cx).await / 10)
}

#[query]
async fn reads_counted(cx: &QueryContext) -> i64 {
    ran(cx, "reads_counted");
    counted_value(cx).await.0
}

#[tokio::test]
async fn a_shared_value_is_never_cloned_and_cuts_off() {
    let (rt, counts) = counted();
    let both = async || {
        rt.query(async |cx| {
            (
                counted_value(&cx).await,
                counted_value(&cx).await,
                reads_counted(&cx).await,
            )
        })
        .await
    };
    let (one, other, _) = both().await;
    assert!(Shared::ptr_eq(&one, &other));
    counts.take();
    put(&rt, 1, 5).await;
    let (same, _, _) = both().await;
    assert!(
        Shared::ptr_eq(&one, &same),
        "the value that was there stays"
    );
    assert_eq!(counts.take(), ["counted_value"]);
    assert_eq!(CLONES.load(Ordering::Relaxed), 0);
}

#[query(shared)]
async fn number(n: u64, _cx: &QueryContext) -> u64 {
    n
}

#[tokio::test]
async fn a_small_value_can_be_shared_too() {
    let rt = runtime();
    let seven = rt.query(async |cx| number(7, &cx).await).await;
    assert_eq!((*seven, seven.to_string()), (7, "7".to_owned()));
    assert_eq!(seven, seven.clone());
}

fn close(old: &f64, new: &f64) -> bool {
    (old - new).abs() < 1.0
}

#[query(eq = close)]
async fn level(cx: &QueryContext) -> f64 {
    ran(cx, "level");
    Slot(1).get(cx).await as f64 / 10.0
}

#[query(eq = close, shared)]
async fn reads_level(cx: &QueryContext) -> f64 {
    ran(cx, "reads_level");
    level(cx).await * 2.0
}

#[tokio::test]
async fn a_comparison_of_ones_own_decides_who_runs() {
    let (rt, counts) = counted();
    let ask = async || *rt.query(async |cx| reads_level(&cx).await).await;
    assert_eq!(ask().await, 0.0);
    counts.take();
    put(&rt, 1, 5).await;
    assert_eq!(ask().await, 0.0);
    assert_eq!(counts.take(), ["level"]);
    put(&rt, 1, 30).await;
    assert_eq!(ask().await, 6.0);
    assert_eq!(counts.take(), ["level", "reads_level"]);
}
