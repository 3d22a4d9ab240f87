//! Cycles and checks: a wait of a check is none, however it closes one; a cycle of bodies is one, in whatever way it is met.

use std::sync::Arc;

use salvia::{QueryContext, QueryErrorKind, Runtime, query};
use tokio::join;

use crate::kit::{Counts, Gate, Slot, builder, counted, pass, put, ran, soon};

/// Where `first` waits once it has decided not to ask for `second`.
struct Late(Gate);

/// Slot 0, and slow to say so when it is not zero.
#[query]
async fn mode(cx: &QueryContext) -> i64 {
    let mode: i64 = Slot(0).get(cx).await;
    if mode != 0 {
        pass(cx).await;
    }
    mode
}

/// Calls `second` before it knows the mode, so a check of both begins at once, and awaits it in mode 0 only.
#[query]
async fn first(cx: &QueryContext) -> i64 {
    ran(cx, "first");
    let second = second(cx);
    if mode(cx).await == 0 {
        return second.await;
    }
    drop(second);
    cx.resource::<Late>().0.pass().await;
    7
}

/// Asks for `first` in mode 1 only: in no mode do the two ask for each other.
#[query]
async fn second(cx: &QueryContext) -> i64 {
    ran(cx, "second");
    let mode = match Slot(1).get(cx).await {
        0 => mode(cx).await,
        _ => Slot(0).get(cx).await,
    };
    if mode == 0 { 3 } else { first(cx).await + 1 }
}

fn runtime() -> (Arc<Runtime>, Counts, Gate, Gate) {
    let (counts, gate, late) = (Counts::default(), Gate::default(), Gate::default());
    let rt = builder()
        .resource(counts.clone())
        .resource(gate.clone())
        .resource(Late(late.clone()))
        .build();
    (rt, counts, gate, late)
}

/// A check that is still in flight when its body has begun, and not asked for it, closes no cycle.
#[tokio::test]
async fn a_check_left_in_flight_closes_no_cycle() {
    soon(async {
        for warm in [false, true] {
            let (rt, _, gate, late) = runtime();
            if warm {
                assert_eq!(rt.query(|cx| async move { first(&cx).await }).await, 3);
            }
            put(&rt, 0, 1).await;
            let both = rt.try_query(|cx| async move { join!(first(&cx), second(&cx)) });
            let (both, ()) = join!(both, async {
                gate.entered().await;
                gate.open();
                late.entered().await;
                late.open();
            });
            assert_eq!(both.ok(), Some((7, 8)), "warm: {warm}");
        }
    })
    .await;
}

/// A check that closes a cycle while it is all the validation waits for, but for what is slow, is given up: the body begins.
#[tokio::test]
async fn a_check_that_closes_a_cycle_is_given_up() {
    soon(async {
        let (rt, counts, gate, late) = runtime();
        late.open();
        put(&rt, 1, 1).await;
        assert_eq!(rt.query(|cx| async move { first(&cx).await }).await, 3);
        put(&rt, 0, 1).await;
        counts.take();
        let both = rt.try_query(|cx| async move { join!(first(&cx), second(&cx)) });
        let (both, ()) = join!(both, async {
            gate.entered().await;
            while counts.of("first") == 0 {
                tokio::task::yield_now().await;
            }
            gate.open();
        });
        assert_eq!(both.ok(), Some((7, 8)));
        assert_eq!(counts.take(), ["first", "second"], "one execution each");
    })
    .await;
}

const RING: u32 = 5;

/// Each asks for the next, and the last for the first while slot 0 is one.
#[query]
async fn ring(n: u32, cx: &QueryContext) -> i64 {
    ran(cx, "ring");
    if n + 1 < RING {
        ring(n + 1, cx).await + 1
    } else if Slot(0).get(cx).await == 1 {
        ring(0, cx).await
    } else {
        0
    }
}

/// Validation, wherever it comes in, finds the last of the ring changed and all others waiting by checks only.
#[tokio::test]
async fn a_cycle_met_in_validation_names_every_member_in_order() {
    soon(async {
        for entry in 0..RING {
            let (rt, counts) = counted();
            assert_eq!(rt.query(|cx| async move { ring(0, &cx).await }).await, 4);
            put(&rt, 0, 1).await;
            counts.take();
            let error = rt
                .try_query(|cx| async move { ring(entry, &cx).await })
                .await
                .expect_err("it is a ring now");
            let QueryErrorKind::Cycle { participants, .. } = error.kind() else {
                panic!("entered at {entry}: {error}");
            };
            let names: Vec<_> = (0..RING).map(|n| format!("ring({n})")).collect();
            let begin = names.iter().position(|name| name == error.query());
            let mut expected = names;
            expected.rotate_left(begin.expect("the error names a member"));
            assert_eq!(participants, &expected, "entered at {entry}");
            assert_eq!(counts.of("ring"), RING as usize, "entered at {entry}");

            put(&rt, 0, 0).await;
            assert_eq!(rt.query(|cx| async move { ring(0, &cx).await }).await, 4);
        }
    })
    .await;
}

/// The same entered at every member at once: each of them is told, and nobody waits for ever.
#[tokio::test]
async fn a_cycle_met_in_many_validations_reaches_all_who_asked() {
    soon(async {
        let (rt, _) = counted();
        assert_eq!(rt.query(|cx| async move { ring(0, &cx).await }).await, 4);
        put(&rt, 0, 1).await;
        let asked =
            (0..RING).map(|entry| rt.try_query(move |cx| async move { ring(entry, &cx).await }));
        for outcome in futures::future::join_all(asked).await {
            let error = outcome.expect_err("it is a ring now");
            let QueryErrorKind::Cycle { participants, .. } = error.kind() else {
                panic!("{error}");
            };
            assert_eq!(participants.len(), RING as usize, "{error}");
        }
    })
    .await;
}
