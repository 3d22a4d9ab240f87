//! Chains: queries of which each reads one other and nothing else. Their values end together, and are found right together.

use std::pin::pin;
use std::sync::Arc;

use futures::poll;
use salvia::{Collect, QueryContext, Runtime, query};

use crate::kit::{
    Counts, Gate, Slot, builder, counted, gated, in_place, pass, put, ran, runtime, soon,
};

/// The same for small changes.
#[query]
async fn bottom(cx: &QueryContext) -> i64 {
    ran(cx, "bottom");
    Slot(0).get(cx).await / 10
}

#[query]
async fn link(n: u32, cx: &QueryContext) -> i64 {
    ran(cx, format!("link({n})"));
    match n {
        0 => bottom(cx).await,
        _ => link(n - 1, cx).await + 1,
    }
}

/// The same without a note of its runs, and with one value at a time.
#[query(lru = 1)]
async fn short_lived(n: u32, cx: &QueryContext) -> i64 {
    match n {
        0 => Slot(0).get(cx).await / 10,
        _ => short_lived(n - 1, cx).await + 1,
    }
}

/// Cuts most changes off.
#[query]
async fn sign(cx: &QueryContext) -> i64 {
    ran(cx, "sign");
    link(5, cx).await.signum()
}

#[query]
async fn above(n: u32, cx: &QueryContext) -> i64 {
    ran(cx, "above");
    match n {
        0 => sign(cx).await,
        _ => above(n - 1, cx).await + 1,
    }
}

const TOP: u32 = 20;

async fn ask(rt: &Arc<Runtime>) -> i64 {
    rt.query(|cx| async move { link(TOP, &cx).await }).await
}

/// Checks where the change was cut off, and at the top: what is between is right when those are.
#[tokio::test]
async fn a_cut_off_at_the_bottom_costs_two_checks_however_long_the_chain_is() {
    soon(async {
        let why = "a task has its own checks";
        let rt = in_place(why).resource(Counts::default()).build();
        assert_eq!(ask(&rt).await, 20);
        for round in 1..=3 {
            let before = rt.stats();
            put(&rt, 0, round).await;
            assert_eq!(ask(&rt).await, 20);
            let after = rt.stats();
            assert_eq!(after.executions - before.executions, 1);
            assert_eq!(after.validations - before.validations, 2);
        }
        // Of a revision nobody asked at it is not known that it was right there: all of them have to be looked at, once.
        put(&rt, 0, 5).await;
        put(&rt, 0, 6).await;
        ask(&rt).await;
        let before = rt.stats();
        put(&rt, 0, 7).await;
        assert_eq!(ask(&rt).await, 20);
        assert_eq!(rt.stats().validations - before.validations, 2);
    })
    .await;
}

#[tokio::test]
async fn a_change_runs_every_link_once() {
    soon(async {
        let (rt, counts) = counted();
        ask(&rt).await;
        counts.take();
        for round in 1..5 {
            put(&rt, 0, 10 * round).await;
            // From the middle, and then from the top.
            let middle = rt.query(|cx| async move { link(7, &cx).await }).await;
            assert_eq!((middle, ask(&rt).await), (round + 7, round + 20));
            assert_eq!(counts.take().len(), 22, "each of them is a name of its own");
            put(&rt, 0, 10 * round + 1).await;
            assert_eq!(ask(&rt).await, round + 20);
            assert_eq!(counts.take(), ["bottom"]);
        }
    })
    .await;
}

/// What is above a link that cuts a change off does not run, and is soon found right again.
#[tokio::test]
async fn a_link_that_cuts_off_is_the_lowest_of_what_is_above_it() {
    soon(async {
        let why = "a task has its own checks";
        let counts = Counts::default();
        let rt = in_place(why).resource(counts.clone()).build();
        let ask = async || rt.query(|cx| async move { above(TOP, &cx).await }).await;
        assert_eq!(ask().await, 21);
        for round in 1..5 {
            counts.take();
            let before = rt.stats().validations;
            put(&rt, 0, 10 * round).await;
            assert_eq!(ask().await, 21);
            let ran = counts.take();
            assert!(ran.contains(&"sign".to_owned()) && !ran.contains(&"above".to_owned()));
            let few = rt.stats().validations - before < 5;
            assert_eq!(few, round > 1, "the first time it had to be found out");
        }
        put(&rt, 0, -100).await;
        assert_eq!(ask().await, 19);
    })
    .await;
}

/// Also those that read something else before and after it.
#[tokio::test]
async fn who_reads_the_middle_of_a_chain_hears_of_every_change() {
    #[query]
    async fn beside(n: u32, cx: &QueryContext) -> i64 {
        match n {
            0 => Slot(1).get::<i64>(cx).await + link(7, cx).await,
            1 => link(7, cx).await + Slot(1).get::<i64>(cx).await,
            _ => link(7, cx).await + link(9, cx).await,
        }
    }
    soon(async {
        let (rt, _) = counted();
        ask(&rt).await;
        let all = async || {
            rt.query(|cx| async move {
                [
                    beside(0, &cx).await,
                    beside(1, &cx).await,
                    beside(2, &cx).await,
                ]
            })
            .await
        };
        let mut watch = rt.watch(|cx| async move { beside(0, &cx).await });
        assert_eq!(watch.next().await, Some(7));
        for round in 1..20 {
            let changes = round % 3 == 0;
            put(&rt, 0, round + if changes { 10 * round } else { 0 }).await;
            let bottom = rt.query(|cx| async move { bottom(&cx).await }).await;
            if round % 2 == 0 {
                assert_eq!(ask(&rt).await, bottom + 20);
            }
            assert_eq!(all().await, [bottom + 7, bottom + 7, 2 * bottom + 16]);
        }
        put(&rt, 0, 1_000).await;
        assert_eq!(watch.next().await, Some(107));
    })
    .await;
}

/// A body that has read a link and goes on to read something else has been told nothing so far.
#[tokio::test]
async fn a_change_while_a_body_that_has_read_a_link_goes_on_is_heard() {
    #[query]
    async fn slow(cx: &QueryContext) -> i64 {
        let value = link(7, cx).await;
        pass(cx).await;
        value + Slot(1).get::<i64>(cx).await
    }
    soon(async {
        let (rt, _, gate) = gated();
        let before = rt.snapshot();
        let ask = |cx: QueryContext| async move { slow(&cx).await };
        let mut old = pin!(rt.query(ask));
        assert!(poll!(old.as_mut()).is_pending());
        gate.entered().await;
        put(&rt, 0, 10).await;
        gate.open();
        assert_eq!(old.await, 7);
        assert_eq!(rt.query(ask).await, 8);
        assert_eq!(before.query(ask).await, 7);
    })
    .await;
}

/// An update that reads what has changed since is of no use to who asks at the newest revision, and nobody waits for it there.
#[tokio::test]
async fn nobody_waits_for_an_update_of_a_link_that_has_changed() {
    #[derive(Clone, Default)]
    struct Second(Gate);

    #[query]
    async fn slow(cx: &QueryContext) -> i64 {
        let value = link(7, cx).await;
        if value == 7 {
            cx.resource::<Second>().0.pass().await;
        }
        value
    }
    soon(async {
        let held = Second::default();
        let counts = Counts::default();
        let rt = builder().resource(held.clone()).resource(counts).build();
        ask(&rt).await;
        let mut old = pin!(rt.query(|cx| async move { slow(&cx).await }));
        assert!(poll!(old.as_mut()).is_pending());
        held.0.entered().await;
        put(&rt, 0, 10).await;
        assert_eq!(rt.query(|cx| async move { slow(&cx).await }).await, 8);
        held.0.open();
        assert_eq!(old.await, 7);
    })
    .await;
}

/// Nor goes on waiting for one that comes to read it.
#[tokio::test]
async fn who_waits_for_an_update_hears_that_it_reads_a_link_that_has_changed() {
    #[derive(Clone, Default)]
    struct Second(Gate);

    #[query]
    async fn slow(cx: &QueryContext) -> i64 {
        pass(cx).await;
        let value = link(7, cx).await;
        if value == 7 {
            cx.resource::<Second>().0.pass().await;
        }
        value
    }
    soon(async {
        let (first, second) = (Gate::default(), Second::default());
        let builder = builder().resource(Counts::default());
        let rt = builder
            .resource(first.clone())
            .resource(second.clone())
            .build();
        super::chains::ask(&rt).await;
        // In tasks of their own, which nothing wakes but what they wait for.
        let ask = || {
            let rt = rt.clone();
            tokio::spawn(async move { rt.query(|cx| async move { slow(&cx).await }).await })
        };
        let old = ask();
        first.entered().await;
        put(&rt, 0, 10).await;
        let new = ask();
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        first.open();
        assert_eq!(new.await.expect("it is told"), 8);
        second.0.open();
        assert_eq!(old.await.expect("it has its answer"), 7);
    })
    .await;
}

#[tokio::test]
async fn values_that_went_do_not_keep_a_change_from_the_top() {
    soon(async {
        let rt = runtime();
        let ask = async || {
            rt.query(|cx| async move { short_lived(TOP, &cx).await })
                .await
        };
        assert_eq!(ask().await, 20);
        for round in 1..10 {
            put(&rt, 0, 10 * round).await;
            assert_eq!(ask().await, round + 20);
            put(&rt, 0, 10 * round + 1).await;
            assert_eq!(ask().await, round + 20);
            if round % 3 == 0 {
                rt.collect_garbage(Collect::All);
            }
        }
    })
    .await;
}

/// A value that is what it was before, and was another one in between.
#[tokio::test]
async fn a_chain_does_not_stretch_over_a_revision_in_which_it_was_another() {
    soon(async {
        let (rt, _) = counted();
        assert_eq!(ask(&rt).await, 20);
        put(&rt, 0, 100).await;
        let between = rt.snapshot();
        put(&rt, 0, 1).await;
        assert_eq!(ask(&rt).await, 20);
        let there = between.query(|cx| async move { (link(3, &cx).await, link(TOP, &cx).await) });
        assert_eq!(there.await, (13, 30));
        assert_eq!(ask(&rt).await, 20);
        // The same where it is a link that runs and finds what it was.
        let ask = async || rt.query(|cx| async move { above(TOP, &cx).await }).await;
        for round in 2..5 {
            assert_eq!(ask().await, 21);
            put(&rt, 0, 10 * round).await;
        }
        assert_eq!(ask().await, 21);
        put(&rt, 0, -100).await;
        let between = rt.snapshot();
        put(&rt, 0, 10).await;
        assert_eq!(ask().await, 21);
        let there = between.query(|cx| async move { (above(3, &cx).await, above(TOP, &cx).await) });
        assert_eq!(there.await, (2, 19));
    })
    .await;
}
