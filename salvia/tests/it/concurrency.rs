//! Many at once: one execution for all who ask, and nobody stands in anybody's way.

use std::pin::pin;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use futures::future::join_all;
use futures::poll;
use salvia::{QueryContext, Runtime, query};
use tokio::join;

use crate::kit::{
    Gate, Slot, builder, counted, gated, in_place, pass, put, ran, runtime, soon, within,
};

/// Waits at the gate before it reads its slot.
#[query]
async fn slow(n: u32, cx: &QueryContext) -> i64 {
    ran(cx, format!("slow({n})"));
    pass(cx).await;
    Slot(n).get(cx).await
}

#[query]
async fn above(n: u32, cx: &QueryContext) -> i64 {
    ran(cx, format!("above({n})"));
    slow(n, cx).await + 1
}

fn ask(rt: &Arc<Runtime>, n: u32) -> impl Future<Output = i64> + Send + 'static {
    let rt = rt.clone();
    async move { rt.query(|cx| async move { above(n, &cx).await }).await }
}

/// Two ends: a body says that it has begun, and blocks its thread until it is told to go on.
struct Blocks {
    begun: std::sync::mpsc::Sender<()>,
    go_on: Mutex<std::sync::mpsc::Receiver<()>>,
}

#[query]
async fn blocking(cx: &QueryContext) -> i64 {
    let blocks = cx.resource::<Blocks>();
    blocks.begun.send(()).expect("the test waits for it");
    let go_on = blocks.go_on.lock().expect("nobody panicked");
    go_on.recv().expect("the test lets it go on");
    7
}

/// The only one who waits is of another thread, and there is no task to wake.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_joins_an_update_in_place_is_told_of_its_end() {
    within(10, async {
        let (begun, has_begun) = std::sync::mpsc::channel();
        let (let_go, go_on) = std::sync::mpsc::channel();
        let go_on = Mutex::new(go_on);
        let rt = in_place("a task would be woken as well")
            .resource(Blocks { begun, go_on })
            .build();
        let ask = |rt: Arc<Runtime>| async move {
            rt.query(|cx| async move { blocking(&cx).await }).await
        };
        let first = tokio::spawn(ask(rt.clone()));
        has_begun.recv().expect("the body says so");
        let mut second = pin!(ask(rt.clone()));
        assert!(poll!(second.as_mut()).is_pending());
        let_go.send(()).expect("the body waits for it");
        assert_eq!(second.await, 7);
        assert_eq!(first.await.expect("it gives its value"), 7);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_callers_of_a_cold_query_share_one_execution() {
    within(10, async {
        let (rt, counts, gate) = gated();
        put(&rt, 1, 41).await;
        let callers: Vec<_> = (0..1_000).map(|_| tokio::spawn(ask(&rt, 1))).collect();
        gate.entered().await;
        gate.open();
        for caller in callers {
            assert_eq!(caller.await.expect("it has its answer"), 42);
        }
        assert_eq!(counts.take(), ["above(1)", "slow(1)"]);
    })
    .await;
}

/// The same of a thousand calls in one context.
#[tokio::test]
async fn a_thousand_calls_in_one_context_share_one_execution() {
    soon(async {
        let (rt, counts, gate) = gated();
        let calls = rt.query(|cx| async move {
            let calls: Vec<_> = (0..1_000).map(|_| above(1, &cx)).collect();
            join_all(calls).await
        });
        let (answers, ()) = join!(calls, async {
            gate.entered().await;
            gate.open();
        });
        assert_eq!(answers, vec![1; 1_000]);
        assert_eq!(counts.take(), ["above(1)", "slow(1)"]);
    })
    .await;
}

#[tokio::test]
async fn two_runtimes_never_meet() {
    #[query]
    async fn twice(cx: &QueryContext) -> i64 {
        ran(cx, "twice");
        2 * Slot(1).get(cx).await
    }
    async fn ask(rt: &Arc<Runtime>) -> i64 {
        rt.query(|cx| async move { twice(&cx).await }).await
    }
    soon(async {
        let ((one, one_ran), (two, two_ran)) = (counted(), counted());
        put(&one, 1, 1).await;
        assert_eq!((ask(&one).await, ask(&two).await), (2, 0));
        put(&two, 1, 5).await;
        assert_eq!((ask(&one).await, ask(&two).await), (2, 10));
        assert_eq!((one_ran.of("twice"), two_ran.of("twice")), (1, 2));

        // Asked within each other, each answers for itself.
        let nested = one.query(|cx| {
            let two = two.clone();
            async move { (twice(&cx).await, ask(&two).await, twice(&cx).await) }
        });
        assert_eq!(nested.await, (2, 10, 2));
        assert_eq!((one_ran.of("twice"), two_ran.of("twice")), (1, 2));
    })
    .await;
}

/// Bodies wait at the same time, in one context.
#[tokio::test]
async fn independent_queries_wait_at_the_same_time() {
    #[query]
    async fn meeting(_who: u32, cx: &QueryContext) -> bool {
        cx.resource::<tokio::sync::Barrier>()
            .wait()
            .await
            .is_leader()
    }
    soon(async {
        let rt = builder().resource(tokio::sync::Barrier::new(3)).build();
        let leaders =
            rt.query(|cx| async move { join!(meeting(0, &cx), meeting(1, &cx), meeting(2, &cx)) });
        let (a, b, c) = leaders.await;
        assert_eq!([a, b, c].iter().filter(|leads| **leads).count(), 1);
    })
    .await;
}

/// Where threads meet: each blocks until all are there, or for too long.
#[derive(Default)]
struct Rendezvous(Mutex<u32>, Condvar);

impl Rendezvous {
    fn meets(&self, parties: u32) -> bool {
        let mut here = self.0.lock().expect("nobody panicked");
        *here += 1;
        self.1.notify_all();
        let waited = self
            .1
            .wait_timeout_while(here, Duration::from_secs(8), |here| *here < parties);
        !waited.expect("nobody panicked").1.timed_out()
    }
}

/// Bodies compute at the same time, on two threads. Each needs the other to be running to say yes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn independent_queries_compute_in_parallel() {
    #[query]
    async fn party(_who: u32, cx: &QueryContext) -> bool {
        cx.resource::<Rendezvous>().meets(2)
    }
    within(10, async {
        let rt = builder().resource(Rendezvous::default()).build();
        let parties: Vec<_> = (0..2)
            .map(|who| {
                let rt = rt.clone();
                tokio::spawn(
                    async move { rt.query(|cx| async move { party(who, &cx).await }).await },
                )
            })
            .collect();
        for party in parties {
            assert!(
                party.await.expect("it has its answer"),
                "the other was not running"
            );
        }
    })
    .await;
}

/// Siblings of one body as well, when they are to be run in tasks of their own: a body that has once waited is in its
/// storage task, and two of those compute at the same time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn siblings_that_have_waited_compute_in_parallel() {
    #[query]
    async fn party(_who: u32, cx: &QueryContext) -> bool {
        pass(cx).await;
        // Whoever finds the gate open already has not waited yet.
        tokio::task::yield_now().await;
        cx.resource::<Rendezvous>().meets(2)
    }
    within(10, async {
        let gate = Gate::default();
        let rt = builder()
            .resource(Rendezvous::default())
            .resource(gate.clone())
            .build();
        let asking = tokio::spawn({
            let rt = rt.clone();
            async move {
                rt.query(|cx| async move { join!(party(0, &cx), party(1, &cx)) })
                    .await
            }
        });
        gate.entered().await;
        gate.entered().await;
        gate.open();
        assert_eq!(asking.await.expect("it has its answer"), (true, true));
    })
    .await;
}

/// A caller that is dropped takes no computation with it that others wait for.
#[tokio::test]
async fn a_dropped_caller_loses_nobody_the_computation() {
    soon(async {
        let (rt, counts, gate) = gated();
        let mut first = Box::pin(ask(&rt, 1));
        let mut second = pin!(ask(&rt, 1));
        assert!(poll!(first.as_mut()).is_pending());
        assert!(poll!(second.as_mut()).is_pending());
        gate.entered().await;
        drop(first);
        gate.open();
        assert_eq!(second.await, 1);
        assert_eq!(counts.take(), ["above(1)", "slow(1)"]);
    })
    .await;
}

/// Nor does one that is dropped while it is the only one: somebody who comes at once finds it running.
#[tokio::test]
async fn a_dropped_caller_can_ask_again() {
    soon(async {
        let (rt, counts, gate) = gated();
        for _ in 0..20 {
            let mut given_up = Box::pin(ask(&rt, 1));
            assert!(poll!(given_up.as_mut()).is_pending());
            drop(given_up);
            tokio::task::yield_now().await;
        }
        gate.open();
        assert_eq!(ask(&rt, 1).await, 1);
        put(&rt, 1, 5).await;
        assert_eq!(ask(&rt, 1).await, 6);
        assert!(counts.of("above(1)") >= 2);
    })
    .await;
}

/// A caller that is alive but never polled again blocks nobody.
#[tokio::test]
async fn a_parked_caller_holds_nobody_up() {
    soon(async {
        let (rt, counts, gate) = gated();
        let mut parked = Box::pin(ask(&rt, 1));
        assert!(poll!(parked.as_mut()).is_pending());
        gate.entered().await;
        gate.open();
        assert_eq!(ask(&rt, 1).await, 1);
        put(&rt, 1, 1).await;
        assert_eq!(ask(&rt, 1).await, 2);
        assert_eq!(
            counts.take(),
            ["above(1)", "above(1)", "slow(1)", "slow(1)"]
        );
        assert_eq!(parked.await, 1, "and has its own answer when it comes back");
    })
    .await;
}

/// The same of a branch of a body: what the losing side of a select asked for hurts nobody.
#[tokio::test]
async fn the_losing_side_of_a_select_holds_nobody_up() {
    #[query]
    async fn race(cx: &QueryContext) -> i64 {
        ran(cx, "race");
        tokio::select! {
            biased;
            lost = slow(1, cx) => lost,
            () = tokio::task::yield_now() => -1,
        }
    }
    soon(async {
        let (rt, _, gate) = gated();
        assert_eq!(rt.query(|cx| async move { race(&cx).await }).await, -1);
        gate.open();
        assert_eq!(ask(&rt, 1).await, 1);
        put(&rt, 1, 5).await;
        assert_eq!(ask(&rt, 1).await, 6);
    })
    .await;
}

/// A query future that is leaked is a caller that is never polled again.
#[tokio::test]
async fn a_leaked_caller_holds_nobody_up() {
    soon(async {
        let (rt, _, gate) = gated();
        let mut leaked = Box::pin(ask(&rt, 1));
        assert!(poll!(leaked.as_mut()).is_pending());
        std::mem::forget(leaked);
        gate.open();
        assert_eq!(ask(&rt, 1).await, 1);
        put(&rt, 1, 5).await;
        assert_eq!(ask(&rt, 1).await, 6);
    })
    .await;
}

/// Work spawned by a body may ask through a context it is given; many at a time, from other threads.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_may_ask_for_ten_thousand_at_once() {
    #[query]
    async fn one(n: u32, cx: &QueryContext) -> i64 {
        if n.is_multiple_of(3) {
            tokio::task::yield_now().await;
        }
        Slot(n % 7).get(cx).await + i64::from(n)
    }
    #[query]
    async fn all(cx: &QueryContext) -> i64 {
        let calls: Vec<_> = (0..10_000).map(|n| one(n, cx)).collect();
        join_all(calls).await.into_iter().sum()
    }
    within(20, async {
        let rt = runtime();
        let plain: i64 = (0..10_000).sum();
        assert_eq!(rt.query(|cx| async move { all(&cx).await }).await, plain);
        put(&rt, 0, 1).await;
        // The multiples of seven below ten thousand.
        assert_eq!(
            rt.query(|cx| async move { all(&cx).await }).await,
            plain + 1_429
        );
    })
    .await;
}
