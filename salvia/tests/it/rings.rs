//! Cycles that bodies close, wherever they are entered: every member is named, in order, and what comes after is not harmed.

use std::pin::pin;
use std::sync::Arc;

use futures::poll;
use salvia::{QueryContext, QueryError, QueryErrorKind, Runtime, query};
use tokio::join;

use crate::kit::{Counts, Gate, Slot, gated, pass, put, ran, soon};

/// Each of three asks for the next; the last for the first while slot 0 is one.
#[query]
async fn third(n: u32, cx: &QueryContext) -> i64 {
    ran(cx, format!("third({n})"));
    match n {
        2 if Slot(0).get(cx).await != 1 => 0,
        n => third((n + 1) % 3, cx).await + 1,
    }
}

async fn ask(rt: &Arc<Runtime>, n: u32) -> Result<i64, QueryError> {
    rt.try_query(|cx| async move { third(n, &cx).await }).await
}

/// The error names these, in this order, from one of them on, which is the one it is an error of.
#[track_caller]
fn assert_ring(error: &QueryError, names: &[&str]) {
    let QueryErrorKind::Cycle { participants, .. } = error.kind() else {
        panic!("{error}");
    };
    let mut expected: Vec<_> = names.to_vec();
    let begin = names.iter().position(|name| *name == error.query());
    expected.rotate_left(begin.expect("the error names a member"));
    assert_eq!(participants, &expected);
    for name in names {
        assert!(error.to_string().contains(name), "{error}");
    }
}

const THREE: [&str; 3] = ["third(0)", "third(1)", "third(2)"];

#[tokio::test]
async fn a_cycle_through_three_names_them_in_order_whoever_is_asked_first() {
    soon(async {
        for entry in 0..3 {
            let (rt, counts, _) = gated();
            put(&rt, 0, 1).await;
            let error = ask(&rt, entry).await.expect_err("it is a ring");
            assert_ring(&error, &THREE);
            assert_eq!(counts.take(), THREE, "one execution each");
        }
    })
    .await;
}

/// Once and again: whoever asks while it is there is told, and has a value when it is not.
#[tokio::test]
async fn requests_and_mutations_go_on_after_a_cycle() {
    soon(async {
        let (rt, _, _) = gated();
        for _ in 0..3 {
            put(&rt, 0, 1).await;
            for entry in [0, 2, 1] {
                assert_ring(&ask(&rt, entry).await.expect_err("it is a ring"), &THREE);
            }
            put(&rt, 0, 0).await;
            for (entry, value) in [(2, 0), (0, 2), (1, 1)] {
                assert_eq!(ask(&rt, entry).await.ok(), Some(value));
            }
        }
    })
    .await;
}

/// Waits at the gate and asks for the other one.
#[query]
async fn half(n: u32, cx: &QueryContext) -> i64 {
    pass(cx).await;
    half(1 - n, cx).await + 1
}

async fn both_ends() {
    soon(async {
        let (rt, _, gate) = gated();
        let asking = |n| {
            let rt = rt.clone();
            tokio::spawn(async move { rt.try_query(|cx| async move { half(n, &cx).await }).await })
        };
        let tasks = [asking(0), asking(1)];
        gate.entered().await;
        gate.entered().await;
        gate.open();
        for task in tasks {
            let error = task.await.expect("it does not panic");
            assert_ring(
                &error.expect_err("they ask for each other"),
                &["half(0)", "half(1)"],
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_cycle_begun_at_both_ends_is_told_to_both_tasks() {
    both_ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cycle_begun_at_both_ends_is_told_to_both_tasks_on_two_threads() {
    for _ in 0..100 {
        both_ends().await;
    }
}

/// Asks for `tied` and for `free` at once.
#[query]
async fn knot(cx: &QueryContext) -> i64 {
    let (tied, free) = join!(tied(cx), free(cx));
    tied + free
}

#[query]
async fn tied(cx: &QueryContext) -> i64 {
    tokio::task::yield_now().await;
    match Slot(0).get(cx).await {
        1 => knot(cx).await,
        value => value,
    }
}

/// Slow, and on no cycle.
#[query]
async fn free(cx: &QueryContext) -> i64 {
    ran(cx, "free");
    pass(cx).await;
    10
}

/// What waits beside it is no member, and is not waited for.
#[tokio::test]
async fn a_cycle_through_one_branch_of_a_join_names_its_members_only() {
    soon(async {
        let (rt, counts, gate) = gated();
        put(&rt, 0, 1).await;
        let asked = rt.try_query(|cx| async move { knot(&cx).await });
        assert_ring(
            &asked.await.expect_err("it is a ring"),
            &["knot()", "tied()"],
        );
        assert_eq!(counts.of("free"), 1, "it waits beside");
        gate.open();
        put(&rt, 0, 5).await;
        let asked = rt.try_query(|cx| async move { knot(&cx).await });
        assert_eq!(asked.await.ok(), Some(15));
    })
    .await;
}

/// Where `one` and `other` wait before they look which of them asks.
struct Doors(Gate, Gate);

/// While slot 0 is zero it asks for `other`.
#[query]
async fn one(cx: &QueryContext) -> i64 {
    ran(cx, "one");
    cx.resource::<Doors>().0.pass().await;
    match Slot(0).get(cx).await {
        0 => other(cx).await + 1,
        value => value,
    }
}

/// While slot 0 is not zero it asks for `one`.
#[query]
async fn other(cx: &QueryContext) -> i64 {
    ran(cx, "other");
    cx.resource::<Doors>().1.pass().await;
    match Slot(0).get(cx).await {
        0 => 3,
        _ => one(cx).await + 1,
    }
}

/// `other` waits for the older `one`, which goes on to ask for `other`, in the revision before. In neither do they ask for each
/// other.
#[tokio::test]
async fn two_revisions_that_wait_crosswise_are_no_cycle() {
    soon(async {
        let (counts, doors) = (Counts::default(), [Gate::default(), Gate::default()]);
        let rt = Runtime::builder()
            .resource(counts.clone())
            .resource(Doors(doors[0].clone(), doors[1].clone()))
            .build();
        let mut older = pin!(rt.try_query(|cx| async move { one(&cx).await }));
        assert!(poll!(older.as_mut()).is_pending());
        doors[0].entered().await;
        // `one` has read nothing yet, so as far as anybody knows its value is that of the new revision too.
        put(&rt, 0, 10).await;
        let mut newer = pin!(rt.try_query(|cx| async move { other(&cx).await }));
        assert!(poll!(newer.as_mut()).is_pending());
        doors[1].entered().await;
        doors[1].open();
        for _ in 0..10 {
            assert!(poll!(newer.as_mut()).is_pending(), "it waits for `one`");
            tokio::task::yield_now().await;
        }
        assert_eq!(counts.take(), ["one", "other"]);
        doors[0].open();
        let (older, newer) = join!(older, newer);
        assert_eq!((older.ok(), newer.ok()), (Some(4), Some(11)));
        assert_eq!(
            counts.take(),
            ["one", "other"],
            "once each at each revision"
        );
    })
    .await;
}
