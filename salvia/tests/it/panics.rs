//! Panics in each kind of code the engine calls, while many wait: all of them are told by whom and of what, what was there
//! before stays, and the next request works.

use std::panic::{AssertUnwindSafe, panic_any};
use std::sync::Arc;

use futures::FutureExt;
use futures::future::join_all;
use salvia::{QueryContext, QueryError, QueryErrorKind, Runtime, query};
use tokio::join;

use crate::kit::{Slot, boom, gated, panic_text, pass, put, ran, soon};

/// Where the panic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Where {
    BodyAtOnce,
    BodyAfterAnAwait,
    DropOfALocal,
    EqOfTheValue,
    CloneOfTheValue,
}

const EVERYWHERE: [Where; 5] = [
    Where::BodyAtOnce,
    Where::BodyAfterAnAwait,
    Where::DropOfALocal,
    Where::EqOfTheValue,
    Where::CloneOfTheValue,
];

/// What slot 1 holds while it is to panic.
const UNLUCKY: i64 = 13;

/// A value that panics where it is to.
#[derive(Debug)]
struct Touchy(i64, Where, String);

impl Touchy {
    fn comes_by(&self, here: Where) {
        if self.0 == UNLUCKY && self.1 == here && !std::thread::panicking() {
            boom(&format!("{here:?}"));
        }
    }
}

impl PartialEq for Touchy {
    fn eq(&self, other: &Self) -> bool {
        self.comes_by(Where::EqOfTheValue);
        other.comes_by(Where::EqOfTheValue);
        self.0 == other.0
    }
}

impl Eq for Touchy {}

impl Clone for Touchy {
    fn clone(&self) -> Self {
        self.comes_by(Where::CloneOfTheValue);
        Touchy(self.0, self.1, self.2.clone())
    }
}

/// A local of a body.
struct Local(Touchy);

impl Drop for Local {
    fn drop(&mut self) {
        self.0.comes_by(Where::DropOfALocal);
    }
}

#[query]
async fn touchy(place: Where, cx: &QueryContext) -> Touchy {
    ran(cx, "touchy");
    let value = Touchy(Slot(1).get(cx).await, place, String::new());
    let _local = Local(Touchy(value.0, place, String::new()));
    value.comes_by(Where::BodyAtOnce);
    pass(cx).await;
    value.comes_by(Where::BodyAfterAnAwait);
    value
}

#[query]
async fn above(place: Where, n: u32, cx: &QueryContext) -> i64 {
    touchy(place, cx).await.0 + i64::from(n)
}

async fn ask(rt: &Arc<Runtime>, place: Where, n: u32) -> Result<i64, QueryError> {
    rt.try_query(|cx| async move {
        if n == 0 {
            touchy(place, &cx).await.0
        } else {
            above(place, n, &cx).await
        }
    })
    .await
}

fn assert_told(error: &QueryError, place: Where) {
    let QueryErrorKind::Panicked { message, .. } = error.kind() else {
        panic!("{error}");
    };
    let name = format!("touchy({place:?})");
    assert_eq!(
        (error.query(), message.as_str()),
        (name.as_str(), format!("{place:?}").as_str())
    );
}

#[tokio::test]
async fn a_panic_anywhere_reaches_every_waiter_by_name_and_harms_nothing() {
    soon(async {
        for place in EVERYWHERE {
            let (rt, counts, gate) = gated();
            let first = async { join!(ask(&rt, place, 0), ask(&rt, place, 1)) };
            let ((direct, through), ()) = join!(first, async {
                gate.entered().await;
                gate.open();
            });
            assert_eq!((direct.ok(), through.ok()), (Some(0), Some(1)));
            let (before, revision) = (rt.snapshot(), rt.revision());
            put(&rt, 1, UNLUCKY).await;
            counts.take();

            let waiting = (0..10).map(|n| ask(&rt, place, n % 3));
            for outcome in join_all(waiting).await {
                assert_told(&outcome.expect_err("it panics"), place);
            }
            assert!(rt.revision() > revision);
            let kept = before.query(|cx| async move { above(place, 1, &cx).await });
            assert_eq!(kept.await, 1);
            let text = panic_text(rt.query(|cx| async move { above(place, 2, &cx).await })).await;
            assert!(
                text.contains("touchy(") && text.contains(&format!("{place:?}")),
                "{text:?}"
            );

            put(&rt, 1, 5).await;
            assert_eq!(ask(&rt, place, 1).await.ok(), Some(6));
            assert_eq!(ask(&rt, place, 0).await.ok(), Some(5));
        }
    })
    .await;
}

/// Waiters of one execution are told of that one: who waits at the gate shares it.
#[tokio::test]
async fn a_panic_after_an_await_is_one_execution_for_all_who_wait() {
    soon(async {
        let (rt, counts, gate) = gated();
        put(&rt, 1, UNLUCKY).await;
        let place = Where::BodyAfterAnAwait;
        let waiting = join_all((0..10).map(|_| ask(&rt, place, 0)));
        let (outcomes, ()) = join!(waiting, async {
            gate.entered().await;
            gate.open();
        });
        for outcome in outcomes {
            assert_told(&outcome.expect_err("it panics"), place);
        }
        assert_eq!(counts.take(), ["touchy"]);
    })
    .await;
}

/// `rt.query` resumes the panic: what is not text arrives as it was thrown.
#[tokio::test]
async fn a_payload_that_is_not_text_arrives_where_the_query_was_asked() {
    #[query]
    async fn throws(cx: &QueryContext) -> i64 {
        match Slot(1).get(cx).await {
            0 => panic_any(77u32),
            value => value,
        }
    }
    soon(async {
        let (rt, _, _) = gated();
        let asked = rt.query(|cx| async move { throws(&cx).await });
        let payload = AssertUnwindSafe(asked).catch_unwind().await;
        let payload = payload.expect_err("it panics");
        assert_eq!(payload.downcast_ref::<u32>(), Some(&77));
        put(&rt, 1, 4).await;
        assert_eq!(rt.query(|cx| async move { throws(&cx).await }).await, 4);
    })
    .await;
}

/// A key that panics when it is hashed.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Unhashable(bool);

impl std::hash::Hash for Unhashable {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        assert!(!self.0, "not to be hashed");
        state.write_u8(0);
    }
}

/// A panic in `Hash` is the asker's, who passed the key; nobody who waits for anything else notices.
#[tokio::test]
async fn a_panic_in_hash_is_the_askers_alone() {
    #[query]
    async fn keyed(key: Unhashable, cx: &QueryContext) -> i64 {
        pass(cx).await;
        i64::from(key.0) + Slot(1).get(cx).await
    }
    #[query]
    async fn asks(cx: &QueryContext) -> i64 {
        keyed(Unhashable(true), cx).await
    }
    soon(async {
        let (rt, _, gate) = gated();
        let waiting = rt.query(|cx| async move { keyed(Unhashable(false), &cx).await });
        let (value, ()) = join!(waiting, async {
            gate.entered().await;
            let root = rt.query(|cx| async move { keyed(Unhashable(true), &cx).await });
            assert_eq!(panic_text(root).await, "not to be hashed");
            let error = rt.try_query(|cx| async move { asks(&cx).await }).await;
            assert_eq!(error.expect_err("it panics").query(), "asks()");
            gate.open();
        });
        assert_eq!(value, 0);
        put(&rt, 1, 4).await;
        let again = rt.query(|cx| async move { keyed(Unhashable(false), &cx).await });
        assert_eq!(again.await, 4);
    })
    .await;
}
