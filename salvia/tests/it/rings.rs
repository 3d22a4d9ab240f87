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

/// The doors at which `one` and `other` wait.
#[derive(Clone, Default)]
struct Doors {
    one: Gate,
    other: Gate,
    other_behind: Gate,
}

/// While slot 0 is zero it asks for `other`.
#[query]
async fn one(cx: &QueryContext) -> i64 {
    ran(cx, "one");
    cx.resource::<Doors>().one.pass().await;
    match Slot(0).get(cx).await {
        0 => other(cx).await + 1,
        value => value,
    }
}

/// While slot 0 is not zero it asks for `one`.
#[query]
async fn other(cx: &QueryContext) -> i64 {
    ran(cx, "other");
    cx.resource::<Doors>().other.pass().await;
    match Slot(0).get(cx).await {
        0 => {
            cx.resource::<Doors>().other_behind.pass().await;
            3
        }
        _ => one(cx).await + 1,
    }
}

/// `other` waits for the older `one`, which goes on to wait for `other` in the revision before. In neither revision do they ask
/// for each other.
#[tokio::test]
async fn two_revisions_that_wait_crosswise_are_no_cycle() {
    soon(async {
        let (counts, doors) = (Counts::default(), Doors::default());
        let rt = Runtime::builder()
            .resource(counts.clone())
            .resource(doors.clone())
            .build();
        let before = rt.snapshot();
        let mut older = pin!(rt.try_query(|cx| async move { one(&cx).await }));
        assert!(poll!(older.as_mut()).is_pending());
        doors.one.entered().await;
        // `one` has read nothing yet, so as far as anybody knows its value is that of the new revision too.
        put(&rt, 0, 10).await;
        let mut newer = pin!(rt.try_query(|cx| async move { other(&cx).await }));
        assert!(poll!(newer.as_mut()).is_pending());
        doors.other.entered().await;
        doors.other.open();
        for _ in 0..10 {
            assert!(poll!(newer.as_mut()).is_pending(), "it waits for `one`");
            tokio::task::yield_now().await;
        }
        let mut behind = pin!(before.query(|cx| async move { other(&cx).await }));
        assert!(poll!(behind.as_mut()).is_pending());
        doors.other_behind.entered().await;
        assert_eq!(counts.take(), ["one", "other", "other"]);
        doors.one.open();
        for _ in 0..10 {
            assert!(poll!(older.as_mut()).is_pending(), "it waits for `other`");
            tokio::task::yield_now().await;
        }
        doors.other_behind.open();
        let (older, newer, behind) = join!(older, newer, behind);
        assert_eq!((older.ok(), newer.ok(), behind), (Some(4), Some(11), 3));
        assert_eq!(counts.take(), ["one"], "at the new revision");
    })
    .await;
}

/// Begins to ask for `later` and thinks better of it.
#[query]
async fn sooner(cx: &QueryContext) -> i64 {
    let mut dropped = Box::pin(later(cx));
    assert!(poll!(dropped.as_mut()).is_pending());
    drop(dropped);
    cx.resource::<Doors>().one.pass().await;
    1
}

#[query]
async fn later(cx: &QueryContext) -> i64 {
    cx.resource::<Doors>().other.pass().await;
    sooner(cx).await + 1
}

/// Who has asked and does no longer wait is in no cycle.
#[tokio::test]
async fn a_dropped_branch_closes_no_cycle() {
    soon(async {
        let doors = Doors::default();
        let rt = Runtime::builder().resource(doors.clone()).build();
        let both = rt.try_query(|cx| async move { join!(sooner(&cx), later(&cx)) });
        let (both, ()) = join!(both, async {
            doors.one.entered().await;
            doors.other.open();
            for _ in 0..10 {
                tokio::task::yield_now().await;
            }
            doors.one.open();
        });
        assert_eq!(both.ok(), Some((1, 2)));
    })
    .await;
}
