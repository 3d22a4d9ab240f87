//! Mutations: one at a time, in request order, all or nothing.

mod turn;

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use futures::future::join_all;
use futures::poll;
use salvia::{InputContext, QueryContext, Runtime, query};
use tokio::join;

use crate::kit::{Gate, Slot, boom, counted, panic_text, put, ran, runtime, soon, within};

async fn slot(rt: &Arc<Runtime>, n: u32) -> i64 {
    rt.query(|cx| async move { Slot(n).get(&cx).await }).await
}

#[tokio::test]
async fn nothing_runs_on_a_mutation() {
    #[query]
    async fn eager(cx: &QueryContext) -> i64 {
        ran(cx, "eager");
        Slot(1).get(cx).await
    }
    soon(async {
        let (rt, counts) = counted();
        rt.query(|cx| async move { eager(&cx).await }).await;
        for value in 1..50 {
            put(&rt, 1, value).await;
            tokio::task::yield_now().await;
        }
        assert_eq!(counts.of("eager"), 1);
        assert_eq!(rt.query(|cx| async move { eager(&cx).await }).await, 49);
        assert_eq!(counts.of("eager"), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_query_after_a_mutation_sees_it() {
    soon(async {
        let rt = runtime();
        let tasks = (0..8).map(|task| {
            let rt = rt.clone();
            tokio::spawn(async move {
                for value in 1..=50 {
                    put(&rt, task, value).await;
                    assert_eq!(slot(&rt, task).await, value);
                }
            })
        });
        for task in join_all(tasks).await {
            task.expect("its assertions hold");
        }
    })
    .await;
}

#[tokio::test]
async fn mutations_run_one_at_a_time_in_request_order() {
    soon(async {
        let rt = runtime();
        let (gate, inside) = (Gate::default(), AtomicUsize::new(0));
        let order = std::sync::Mutex::new(Vec::new());
        let mutations = (0..20).map(|number| {
            let (rt, gate, order, inside) = (&rt, &gate, &order, &inside);
            async move {
                rt.mutate(|cx| async move {
                    assert_eq!(
                        inside.fetch_add(1, Ordering::SeqCst),
                        0,
                        "two closures at once"
                    );
                    if number == 0 {
                        gate.pass().await;
                    }
                    let before: i64 = Slot(1).get(&cx).await;
                    tokio::task::yield_now().await;
                    Slot(1).set(before + 1, &cx).await;
                    order.lock().expect("nobody panicked").push(number);
                    inside.fetch_sub(1, Ordering::SeqCst);
                })
                .await;
            }
        });
        join!(join_all(mutations), async {
            gate.entered().await;
            gate.open();
        });
        assert_eq!(
            *order.lock().expect("nobody panicked"),
            (0..20).collect::<Vec<_>>()
        );
        assert_eq!(slot(&rt, 1).await, 20, "no write was lost");
    })
    .await;
}

/// Nobody ever sees a part of a mutation.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mutations_are_atomic_to_queries() {
    #[query]
    async fn first(_cx: &QueryContext) -> i64 {
        Slot(1).get(_cx).await
    }
    #[query]
    async fn second(_cx: &QueryContext) -> i64 {
        Slot(2).get(_cx).await
    }
    within(20, async {
        let rt = runtime();
        let done = Arc::new(AtomicBool::new(false));
        let readers = (0..4).map(|_| {
            let (rt, done) = (rt.clone(), done.clone());
            tokio::spawn(async move {
                while !done.load(Ordering::SeqCst) {
                    let seen = rt.query(|cx| async move {
                        let early = first(&cx).await;
                        tokio::task::yield_now().await;
                        (
                            early,
                            second(&cx).await,
                            Slot(1).get(&cx).await,
                            Slot(2).get(&cx).await,
                        )
                    });
                    let (a, b, c, d) = seen.await;
                    assert!(a == b && b == c && c == d, "torn: {a} {b} {c} {d}");
                }
            })
        });
        let readers: Vec<_> = readers.collect();
        for value in 1..=300 {
            rt.mutate(|cx| async move {
                Slot(1).set(value, &cx).await;
                tokio::task::yield_now().await;
                Slot(2).set(value, &cx).await;
            })
            .await;
        }
        done.store(true, Ordering::SeqCst);
        for reader in readers {
            reader.await.expect("its assertions hold");
        }
    })
    .await;
}

/// A closure that panics changed nothing, and the next mutation has its turn.
#[tokio::test]
async fn a_panic_rolls_a_mutation_back() {
    soon(async {
        let rt = runtime();
        put(&rt, 1, 5).await;
        let before = rt.revision();
        let failing = rt.mutate(|cx| async move {
            Slot(1).set(6, &cx).await;
            Slot(2).set(6, &cx).await;
            boom("half-way");
        });
        assert_eq!(panic_text(failing).await, "half-way");
        assert_eq!(
            (slot(&rt, 1).await, slot(&rt, 2).await, rt.revision()),
            (5, 0, before)
        );

        // Nor does one that panics before its first await, or inside an update.
        let failing = rt.mutate(|_cx| {
            boom("at once");
            async {}
        });
        assert_eq!(panic_text(failing).await, "at once");
        let failing = rt.mutate(|cx| async move {
            Slot(1).set(6, &cx).await;
            cx.update(Slot(1), |_: &mut i64| boom("in the edit")).await;
        });
        assert_eq!(panic_text(failing).await, "in the edit");
        assert_eq!((slot(&rt, 1).await, rt.revision()), (5, before));
        put(&rt, 1, 7).await;
        assert_eq!(slot(&rt, 1).await, 7);
    })
    .await;
}

/// A mutation that is dropped half-way changed nothing, and the next has its turn.
#[tokio::test]
async fn a_dropped_mutation_changes_nothing() {
    soon(async {
        let rt = runtime();
        let (gate, before) = (Gate::default(), rt.revision());
        {
            let gate = &gate;
            let mut half = pin!(rt.mutate(|cx| async move {
                Slot(1).set(6, &cx).await;
                gate.pass().await;
                Slot(2).set(6, &cx).await;
            }));
            while poll!(half.as_mut()).is_pending()
                && futures::FutureExt::now_or_never(gate.entered()).is_none()
            {
                tokio::task::yield_now().await;
            }
        }
        assert_eq!(
            (slot(&rt, 1).await, slot(&rt, 2).await, rt.revision()),
            (0, 0, before)
        );
        put(&rt, 2, 7).await;
        assert_eq!((slot(&rt, 1).await, slot(&rt, 2).await), (0, 7));
    })
    .await;
}

/// Writes a digit behind those that are there.
async fn append(rt: &Arc<Runtime>, digit: i64) {
    rt.mutate(|cx| async move { cx.update(Slot(1), |v: &mut i64| *v = *v * 10 + digit).await })
        .await;
}

/// A mutation that is dropped while it waits for its turn gives it up; those behind it keep their order.
#[tokio::test]
async fn a_mutation_dropped_in_the_queue_holds_nobody_up() {
    soon(async {
        let rt = runtime();
        let gate = Gate::default();
        let mut first = pin!(rt.mutate(|_cx| gate.pass()));
        assert!(poll!(first.as_mut()).is_pending());
        let mut second = Box::pin(append(&rt, 2));
        let mut third = pin!(append(&rt, 3));
        let mut fourth = pin!(append(&rt, 4));
        assert!(poll!(second.as_mut()).is_pending());
        assert!(poll!(third.as_mut()).is_pending());
        assert!(poll!(fourth.as_mut()).is_pending());
        drop(second);
        gate.open();
        join!(fourth, third, first);
        assert_eq!(slot(&rt, 1).await, 34);
    })
    .await;
}

/// The turn is free for a moment when somebody was told to be next and has not been polled since.
#[tokio::test]
async fn a_newcomer_goes_behind_who_waits_also_when_the_turn_is_free() {
    soon(async {
        let rt = runtime();
        let gate = Gate::default();
        let mut first = pin!(rt.mutate(|_cx| gate.pass()));
        assert!(poll!(first.as_mut()).is_pending());
        let mut second = pin!(append(&rt, 2));
        let mut third = pin!(append(&rt, 3));
        assert!(poll!(second.as_mut()).is_pending());
        assert!(poll!(third.as_mut()).is_pending());
        gate.open();
        first.await;
        second.await;
        let mut newcomer = pin!(append(&rt, 4));
        assert!(poll!(newcomer.as_mut()).is_pending(), "it waits as well");
        join!(newcomer, third);
        assert_eq!(slot(&rt, 1).await, 234);
    })
    .await;
}

/// `try_mutate`: `Err` rolls back, `Ok` commits, both come out.
#[tokio::test]
async fn an_err_rolls_a_mutation_back() {
    async fn withdraw(rt: &Arc<Runtime>, sum: i64) -> Result<i64, String> {
        rt.try_mutate(|cx| async move {
            cx.update(Slot(1), |balance: &mut i64| *balance -= sum)
                .await;
            match Slot(1).get(&cx).await {
                short if short < 0 => Err(format!("{} short", -short)),
                left => Ok(left),
            }
        })
        .await
    }
    soon(async {
        let rt = runtime();
        put(&rt, 1, 10).await;
        assert_eq!(withdraw(&rt, 4).await, Ok(6));
        let before = rt.revision();
        assert_eq!(withdraw(&rt, 9).await, Err("3 short".into()));
        assert_eq!((slot(&rt, 1).await, rt.revision()), (6, before));
        assert_eq!(withdraw(&rt, 6).await, Ok(0));
    })
    .await;
}

/// A mutation that returns an `Err` through `mutate` is an ordinary one: only `try_mutate` rolls back.
#[tokio::test]
async fn mutate_commits_whatever_it_returns() {
    soon(async {
        let rt = runtime();
        let outcome: Result<(), ()> = rt
            .mutate(|cx| async move {
                Slot(1).set(3, &cx).await;
                Err(())
            })
            .await;
        assert_eq!((outcome, slot(&rt, 1).await), (Err(()), 3));
    })
    .await;
}

/// `mutate_pinned` gives the revision it made, whatever is committed after it.
#[tokio::test]
async fn a_pinned_mutation_reads_its_own_writes() {
    #[query]
    async fn tenfold(cx: &QueryContext) -> i64 {
        10 * Slot(1).get(cx).await
    }
    soon(async {
        let rt = runtime();
        let set = |cx: InputContext| async move {
            Slot(1).set(4, &cx).await;
            "made"
        };
        let (made, snapshot) = rt.mutate_pinned(set).await;
        assert_eq!((made, snapshot.revision()), ("made", rt.revision()));
        put(&rt, 1, 5).await;
        assert_eq!(
            snapshot.query(|cx| async move { tenfold(&cx).await }).await,
            40
        );
        assert_eq!(rt.query(|cx| async move { tenfold(&cx).await }).await, 50);

        // One that changes nothing pins the newest revision.
        let (_, snapshot) = rt.mutate_pinned(|_cx| async {}).await;
        assert_eq!(snapshot.revision(), rt.revision());
        assert_eq!(
            snapshot.query(|cx| async move { tenfold(&cx).await }).await,
            50
        );
    })
    .await;
}

/// Concurrent pinned mutations each see exactly their own write, though others commit between.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pinned_mutations_never_see_each_other() {
    soon(async {
        let rt = runtime();
        let tasks = (1..=100).map(|value| {
            let rt = rt.clone();
            tokio::spawn(async move {
                let (_, mine) = rt
                    .mutate_pinned(|cx| async move { Slot(1).set(value, &cx).await })
                    .await;
                tokio::task::yield_now().await;
                assert_eq!(
                    mine.query(|cx| async move { Slot(1).get(&cx).await }).await,
                    value
                );
                mine.revision()
            })
        });
        let mut revisions: Vec<_> = join_all(tasks)
            .await
            .into_iter()
            .map(|task| task.expect("its assertions hold"))
            .collect();
        revisions.sort();
        revisions.dedup();
        assert_eq!(revisions.len(), 100, "a commit is a revision of its own");
    })
    .await;
}
