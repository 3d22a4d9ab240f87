//! Siblings that keep a core busy run on several, without being told to; siblings that do not pay no task.

use std::sync::{Condvar, Mutex};
use std::time::{Duration, Instant};

use futures::future::join_all;
use salvia::{QueryContext, query};
use tokio::join;
use tokio::runtime::Handle;

use crate::kit::{Slot, builder, in_place, put, within};

/// Where two bodies meet. Each blocks its thread until the other has begun; long after that it says no.
#[derive(Debug, Default)]
struct Meeting(Mutex<u32>, Condvar);

impl Meeting {
    fn both(&self) -> bool {
        let mut begun = self.0.lock().expect("nobody panicked");
        *begun += 1;
        self.1.notify_all();
        let alone = |begun: &mut u32| !begun.is_multiple_of(2);
        let waited = self
            .1
            .wait_timeout_while(begun, Duration::from_secs(20), alone);
        !waited.expect("nobody panicked").1.timed_out()
    }
}

/// A pupil shows the engine what this query costs; the others meet.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Role {
    Pupil(u32),
    Guest(u32),
}

#[query]
async fn busy(role: Role, cx: &QueryContext) -> bool {
    let _: i64 = Slot(0).get(cx).await;
    let met = match role {
        Role::Pupil(_) => true,
        Role::Guest(_) => cx.resource::<Meeting>().both(),
    };
    // All cost the same, or the guests would teach the engine that the query is cheap.
    let end = Instant::now() + Duration::from_millis(2);
    while Instant::now() < end {
        std::hint::spin_loop();
    }
    met
}

#[query]
async fn taught(cx: &QueryContext) -> bool {
    let mut all = true;
    for n in 0..12 {
        all &= busy(Role::Pupil(n), cx).await;
    }
    all
}

#[query]
async fn party(cx: &QueryContext) -> bool {
    let (one, two) = join!(busy(Role::Guest(1), cx), busy(Role::Guest(2), cx));
    one && two
}

#[query]
async fn stranger(_guest: u32, cx: &QueryContext) -> bool {
    cx.resource::<Meeting>().both()
}

#[query]
async fn first_party(cx: &QueryContext) -> bool {
    let (one, two) = join!(stranger(1, cx), stranger(2, cx));
    one && two
}

/// Nothing is known of a query that never ran, so its first updates are taken for busy.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_siblings_of_all_use_both_cores() {
    within(60, async {
        let rt = builder().resource(Meeting::default()).build();
        let asking = tokio::spawn(async move {
            let met = rt.query(|cx| async move { first_party(&cx).await }).await;
            assert!(met, "one ran after the other");
        });
        asking.await.expect("they meet");
    })
    .await;
}

/// Once it is known what they cost, two bodies that are joined in one compute at the same time: cold, and when they run again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn busy_siblings_use_both_cores() {
    within(120, async {
        let rt = builder().resource(Meeting::default()).build();
        let asking = tokio::spawn(async move {
            assert!(rt.query(|cx| async move { taught(&cx).await }).await);
            for value in 1..=5 {
                let met = rt.query(|cx| async move { party(&cx).await }).await;
                assert!(met, "one ran after the other, the {value}. time");
                put(&rt, 0, value).await;
            }
        });
        asking.await.expect("they meet");
    })
    .await;
}

/// The task that runs a body, and how many tasks there were.
#[query]
async fn cheap(n: u32, cx: &QueryContext) -> (Option<tokio::task::Id>, usize) {
    let _: i64 = Slot(n % 7).get(cx).await;
    (
        tokio::task::try_id(),
        Handle::current().metrics().num_alive_tasks(),
    )
}

/// In which tasks the bodies ran, joined and in a row.
#[query]
async fn cheap_ones(row: bool, cx: &QueryContext) -> Vec<(Option<tokio::task::Id>, usize)> {
    let _: i64 = Slot(8).get(cx).await;
    let calls: Vec<_> = (0..64).map(|n| cheap(n, cx)).collect();
    if !row {
        return join_all(calls).await;
    }
    let mut seen = Vec::new();
    for call in calls {
        seen.push(call.await);
    }
    seen
}

/// A thread that is put off for long in the middle of a poll makes the rest of it a matter for tasks. That is as it should be, and
/// no reason to count it: the claim is about the quietest of several rounds.
#[tokio::test]
async fn cheap_siblings_pay_no_task() {
    within(60, async {
        let why = "it is about what needs no task";
        let rt = in_place(why).build();
        let asking = tokio::spawn(async move {
            let me = tokio::task::try_id();
            let alive = Handle::current().metrics().num_alive_tasks();
            for row in [false, true] {
                let mut least = usize::MAX;
                for round in 0..40 {
                    // All run again.
                    rt.mutate(|cx| async move {
                        for slot in 0..=8 {
                            Slot(slot).set(round + 1, &cx).await;
                        }
                    })
                    .await;
                    let seen = rt
                        .query(|cx| async move { cheap_ones(row, &cx).await })
                        .await;
                    assert_eq!(seen.len(), 64);
                    let elsewhere = seen.iter().filter(|seen| **seen != (me, alive)).count();
                    least = least.min(elsewhere);
                }
                assert_eq!(least, 0, "bodies in tasks, or beside them");
            }
        });
        asking.await.expect("no task is needed");
    })
    .await;
}
