//! Contexts away from home: what is read through one in another task or thread is recorded where it belongs, and one whose
//! execution has ended says so.
//!
//! A body has its context by reference, so it cannot leave it to a task; a scoped thread may use it. A closure owns its own.

use std::sync::{Arc, Mutex};

use salvia::{QueryContext, query};
use tokio::task::JoinHandle;

use crate::kit::{Counts, Gate, Slot, counted, gated, put, ran, soon};

#[query]
async fn value(n: u32, cx: &QueryContext) -> i64 {
    ran(cx, format!("value({n})"));
    Slot(n).get(cx).await
}

/// Reads in two threads of its own, at once.
#[query]
async fn threaded(cx: &QueryContext) -> i64 {
    ran(cx, "threaded");
    std::thread::scope(|scope| {
        let read = |n| scope.spawn(move || futures::executor::block_on(value(n, cx)));
        [read(1), read(2)].map(|thread| thread.join().expect("it does not panic"))
    })
    .iter()
    .sum()
}

#[tokio::test]
async fn what_other_threads_read_through_the_context_is_recorded() {
    soon(async {
        let counts = crate::kit::Counts::default();
        let rt = crate::kit::in_place("the body blocks the only thread")
            .resource(counts.clone())
            .build();
        let ask = || rt.query(|cx| async move { threaded(&cx).await });
        assert_eq!(ask().await, 0);
        counts.take();
        for (slot, sum) in [(1, 10), (2, 20)] {
            put(&rt, slot, 10).await;
            assert_eq!(ask().await, sum);
            assert_eq!(
                counts.take(),
                ["threaded".to_owned(), format!("value({slot})")]
            );
            put(&rt, 3, i64::from(slot)).await;
            assert_eq!(ask().await, sum);
            assert!(counts.take().is_empty());
        }
    })
    .await;
}

#[tokio::test]
async fn a_context_moved_into_a_task_records_what_is_read_there() {
    soon(async {
        let (rt, _) = counted();
        let mut watch = rt.watch(|cx| async move {
            let task = tokio::spawn(async move { value(1, &cx).await });
            task.await.expect("it does not panic")
        });
        assert_eq!(watch.next().await, Some(0));
        for next in 1..4 {
            put(&rt, 1, next).await;
            assert_eq!(watch.next().await, Some(next));
        }
    })
    .await;
}

/// A task a watch's closure left behind, with its context.
type Left = Arc<Mutex<Vec<JoinHandle<i64>>>>;

/// It can neither record what it reads nor keep quiet about it.
#[tokio::test]
async fn a_context_whose_execution_has_ended_is_refused_loudly() {
    soon(async {
        for through_a_query in [true, false] {
            let (rt, _, _) = gated();
            let (left, door) = (Left::default(), Gate::default());
            let (leave, wait) = (left.clone(), door.clone());
            let mut watch = rt.watch(move |cx| {
                let wait = wait.clone();
                let task = tokio::spawn(async move {
                    wait.pass().await;
                    if through_a_query {
                        value(1, &cx).await
                    } else {
                        Slot(1).get(&cx).await
                    }
                });
                leave.lock().expect("nobody panicked").push(task);
                async { 0 }
            });
            assert_eq!(watch.next().await, Some(0));
            door.open();
            let task = left.lock().expect("nobody panicked").pop();
            let error = task
                .expect("it was left")
                .await
                .expect_err("it is too late");
            let payload = error.into_panic();
            let text = payload.downcast_ref::<String>().expect("it says why");
            assert!(
                text.contains("context was used after the execution of"),
                "{text:?}"
            );
            // Nobody else is concerned.
            put(&rt, 1, 1).await;
            assert_eq!(rt.query(|cx| async move { value(1, &cx).await }).await, 1);
        }
    })
    .await;
}

/// Slots of watches that are gone are given to others, to whom the old subscriptions say nothing.
#[tokio::test]
async fn a_slot_that_was_another_nodes_hears_nothing_of_its_reads() {
    #[query]
    async fn unrelated(n: u32, cx: &QueryContext) -> i64 {
        ran(cx, "unrelated");
        // Half of them read something at the place where the watch before them did, half nothing at all.
        let read = if n.is_multiple_of(2) {
            Slot(2).get(cx).await
        } else {
            0
        };
        read + i64::from(n)
    }
    soon(async {
        let (rt, counts): (_, Counts) = counted();
        for round in 0..5u32 {
            let watches = (0..8).map(|_| rt.watch(|cx| async move { value(1, &cx).await }));
            let mut watches: Vec<_> = watches.collect();
            for watch in &mut watches {
                assert_eq!(watch.next().await, Some(i64::from(round)));
            }
            drop(watches);
            let numbers = round * 8..(round + 1) * 8;
            for n in numbers.clone() {
                let asked = rt.query(|cx| async move { unrelated(n, &cx).await });
                assert_eq!(asked.await, i64::from(n));
            }
            counts.take();
            put(&rt, 1, i64::from(round) + 1).await;
            for n in numbers {
                let asked = rt.query(|cx| async move { unrelated(n, &cx).await });
                assert_eq!(asked.await, i64::from(n));
            }
            assert!(counts.take().is_empty(), "what they read has not changed");
        }
    })
    .await;
}
