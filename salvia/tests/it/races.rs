//! Races the algorithm has to win, each set up so that it happens every time.

use std::cell::RefCell;
use std::future::Future;
use std::sync::{Mutex, mpsc};
use std::task::{Context, Poll, Waker};

use salvia::{QueryContext, QueryErrorKind, query};

use crate::kit::{Counts, Slot, builder, counted, gated, in_place, pass, put, ran, soon};

#[query]
async fn reader(number: u32, cx: &QueryContext) -> i64 {
    Slot(0).get(cx).await + i64::from(number)
}

#[query]
async fn slow_reader(cx: &QueryContext) -> i64 {
    ran(cx, "slow_reader");
    let value = Slot(0).get(cx).await;
    pass(cx).await;
    value
}

/// Compaction keeps the subscription of an update that has not published yet.
#[tokio::test]
async fn a_running_update_is_told_although_the_list_was_compacted() {
    soon(async {
        let (rt, _, gate) = gated();
        let slow = tokio::spawn({
            let rt = rt.clone();
            async move { rt.query(async |cx| slow_reader(&cx).await).await }
        });
        gate.entered().await;
        for number in 0..200 {
            rt.query(async |cx| reader(number, &cx).await).await;
        }
        put(&rt, 0, 7).await;
        gate.open();
        assert_eq!(slow.await.expect("it does not panic"), 0);
        assert_eq!(rt.query(async |cx| slow_reader(&cx).await).await, 7);
    })
    .await;
}

/// Whom to tell that the body is about to read.
#[derive(Default)]
struct Reads(Mutex<Option<mpsc::Sender<()>>>);

#[query]
async fn announced(cx: &QueryContext) -> i64 {
    let reads = cx.resource::<Reads>();
    let writer = reads.0.lock().expect("nobody panicked").take();
    if let Some(writer) = writer {
        writer.send(()).expect("it waits for that");
    }
    Slot(0).get(cx).await
}

/// A commit from another thread while an input is taken is either seen by who takes it, or told to them.
#[tokio::test]
async fn a_commit_while_a_value_is_taken_is_not_missed() {
    soon(async {
        let rt = builder().resource(Reads::default()).build();
        let ask = || rt.query(async |cx| announced(&cx).await);
        let reads = rt.query(async |cx| cx.resource::<Reads>()).await;
        for round in 1..=20 {
            put(&rt, 0, -round).await;
            let (enter, entered) = mpsc::channel();
            *reads.0.lock().expect("nobody panicked") = Some(enter);
            let writing = rt.clone();
            let writer = std::thread::spawn(move || {
                entered.recv().expect("it comes by");
                futures::executor::block_on(put(&writing, 0, round));
            });
            assert_eq!(ask().await, -round);
            writer.join().expect("it does not panic");
            assert_eq!(ask().await, round);
        }
    })
    .await;
}

/// A long commit goes on without its mutation, once it has begun to write.
#[tokio::test]
async fn a_mutation_dropped_in_a_long_commit_is_committed_whole() {
    soon(async {
        let (rt, _) = counted();
        rt.query(async |cx| {
            for number in 0..20_000 {
                reader(number, &cx).await;
            }
        })
        .await;
        let before = rt.revision();
        let mut mutation = Box::pin(rt.mutate(async |cx| Slot(0).set(5, &cx).await));
        let mut cx = Context::from_waker(Waker::noop());
        assert!(matches!(mutation.as_mut().poll(&mut cx), Poll::Pending));
        drop(mutation);
        assert_eq!(rt.revision(), before, "it is not visible half-way");
        // The next turn comes after the end of that commit.
        put(&rt, 1, 1).await;
        let right = rt.query(async |cx| {
            let mut right = 0;
            for number in 0..20_000 {
                right += u32::from(reader(number, &cx).await == i64::from(number) + 5);
            }
            right
        });
        assert_eq!(right.await, 20_000, "it told everybody");
    })
    .await;
}

/// While a long commit tells everybody, other tasks run, and readers see the revision before.
#[tokio::test]
async fn readers_go_on_during_a_long_commit() {
    soon(async {
        let (rt, _) = counted();
        rt.query(async |cx| {
            for number in 0..20_000 {
                reader(number, &cx).await;
            }
        })
        .await;
        let commit = tokio::spawn({
            let rt = rt.clone();
            async move { put(&rt, 0, 5).await }
        });
        let mut between = 0;
        while !commit.is_finished() {
            tokio::task::yield_now().await;
            if !commit.is_finished() {
                assert_eq!(rt.query(async |cx| reader(1, &cx).await).await, 1);
                between += 1;
            }
        }
        assert!(between > 0, "nobody came in between");
        assert_eq!(rt.query(async |cx| reader(1, &cx).await).await, 6);
    })
    .await;
}

/// A waiter is given the result of the update it waited for, though the node has moved on.
#[tokio::test]
async fn a_late_waiter_takes_the_result_it_waited_for() {
    soon(async {
        let (rt, counts, gate) = gated();
        let snapshot = rt.snapshot();
        let mut waiters: Vec<_> = (0..3)
            .map(|_| {
                let snapshot = snapshot.clone();
                Box::pin(async move { snapshot.query(async |cx| slow_reader(&cx).await).await })
            })
            .collect();
        let mut cx = Context::from_waker(Waker::noop());
        for waiter in &mut waiters {
            assert!(waiter.as_mut().poll(&mut cx).is_pending());
        }
        gate.entered().await;
        gate.open();
        put(&rt, 0, 7).await;
        // The node is brought to the new revision before any of the waiters looks again.
        assert_eq!(rt.query(async |cx| slow_reader(&cx).await).await, 7);
        for waiter in waiters {
            assert_eq!(waiter.await, 0);
        }
        assert_eq!(counts.of("slow_reader"), 2, "one run a revision");
    })
    .await;
}

/// A query that is polled where its tokio runtime has gone says so.
#[test]
fn a_query_whose_tokio_has_gone_ends_with_an_error() {
    let tokio = tokio::runtime::Runtime::new().expect("a runtime");
    let (rt, _, _gate) = {
        let _inside = tokio.enter();
        gated()
    };
    drop(tokio);
    let asked = rt.try_query(async |cx| slow_reader(&cx).await);
    let error = futures::executor::block_on(asked).expect_err("it cannot wait anywhere");
    assert!(matches!(error.kind(), QueryErrorKind::Shutdown), "{error}");
    assert!(error.query().contains("slow_reader"), "{error}");
}

/// The runtime's own tokio is current in a body, wherever the query is polled from.
#[test]
fn a_body_runs_in_the_tokio_of_its_runtime() {
    #[query]
    async fn spawns(cx: &QueryContext) -> i64 {
        let value = Slot(0).get(cx).await;
        tokio::spawn(async move { value + 1 })
            .await
            .expect("it runs")
    }
    let tokio = tokio::runtime::Runtime::new().expect("a runtime");
    let rt = in_place("a task is in its tokio anyway");
    let rt = rt.tokio(tokio.handle().clone()).build();
    let asked = rt.query(async |cx| spawns(&cx).await);
    assert_eq!(futures::executor::block_on(asked), 1);
}

thread_local! {
    /// What the next comparison of two [`Compared`] does first.
    static BEFORE_COMPARING: RefCell<Option<Box<dyn FnOnce()>>> = const { RefCell::new(None) };
}

#[derive(Clone, Eq)]
struct Compared(i64);

impl PartialEq for Compared {
    fn eq(&self, other: &Self) -> bool {
        let first = BEFORE_COMPARING.with_borrow_mut(Option::take);
        if let Some(first) = first {
            first();
        }
        self.0 == other.0
    }
}

#[query]
async fn compared(cx: &QueryContext) -> Compared {
    ran(cx, "compared");
    Compared(Slot(0).get(cx).await)
}

/// While an update compares its value with the one that was there, a newer revision puts in another: the update finds that,
/// compares again, and does not push the newer one out.
#[tokio::test]
async fn a_memo_that_came_while_values_were_compared_stays() {
    soon(async {
        let why = "the comparison waits for another update on the only thread, which runs no task meanwhile";
        let counts = Counts::default();
        let rt = in_place(why).resource(counts.clone()).build();
        let ask = || rt.query(async |cx| compared(&cx).await.0);
        assert_eq!(ask().await, 0);
        put(&rt, 0, 1).await;
        let newer = rt.clone();
        BEFORE_COMPARING.set(Some(Box::new(move || {
            futures::executor::block_on(async {
                put(&newer, 0, 2).await;
                assert_eq!(newer.query(async |cx| compared(&cx).await.0).await, 2);
            });
        })));
        assert_eq!(ask().await, 1, "it reads at the revision it began at");
        assert_eq!(ask().await, 2);
        // A revision on, nothing but the node itself could still have it.
        put(&rt, 1, 1).await;
        assert_eq!(ask().await, 2);
        assert_eq!(counts.of("compared"), 3, "one run a value");
    })
    .await;
}
