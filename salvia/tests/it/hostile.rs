//! Types that panic where the engine calls them: whoever is told, the next request works and nothing hangs.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use futures::FutureExt;
use salvia::{Input, InputAccess, QueryContext, QueryError, Runtime, query};

use crate::kit::{Slot, boom, counted, put, ran, soon};

const HASH: u8 = 1;
const EQ: u8 = 2;
const CLONE: u8 = 3;
const DROP: u8 = 4;
const DEBUG: u8 = 5;
const INITIAL: u8 = 6;

/// A number whose traits panic when its mood says so; once each time.
struct Moody(i64, Arc<AtomicU8>);

impl Moody {
    fn pass(&self, what: u8) {
        let calm = self
            .1
            .compare_exchange(what, 0, Ordering::SeqCst, Ordering::SeqCst);
        // Two panics at once would end the process, whoever is to blame.
        if calm.is_ok() && !std::thread::panicking() {
            boom(&format!("mood {what}"));
        }
    }
}

impl Hash for Moody {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.pass(HASH);
        self.0.hash(state);
    }
}

impl PartialEq for Moody {
    fn eq(&self, other: &Self) -> bool {
        self.pass(EQ);
        self.0 == other.0
    }
}

impl Eq for Moody {}

impl Clone for Moody {
    fn clone(&self) -> Self {
        self.pass(CLONE);
        Moody(self.0, self.1.clone())
    }
}

impl Drop for Moody {
    fn drop(&mut self) {
        self.pass(DROP);
    }
}

impl fmt::Debug for Moody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pass(DEBUG);
        self.0.fmt(f)
    }
}

/// Everything is moody: the key, the value and, read within, a host and its value.
#[query]
async fn moody(key: Moody, cx: &QueryContext) -> Moody {
    let slot: i64 = Slot(1).get(cx).await;
    if slot < 0 {
        boom("on purpose");
    }
    let host: Moody = Host(key.clone()).get(cx).await;
    ran(cx, "moody");
    Moody(host.0 + slot, key.1.clone())
}

#[derive(Clone, PartialEq, Eq, Hash, InputAccess)]
struct Host(Moody);

impl Input<Moody> for Host {
    fn initial(&self) -> Moody {
        self.0.pass(INITIAL);
        Moody(10, self.0.1.clone())
    }
}

#[query]
async fn above(key: Moody, cx: &QueryContext) -> i64 {
    moody(key, cx).await.0
}

/// What comes of asking: a value, an error, or a panic of the asking closure.
async fn asked(rt: &Arc<Runtime>, mood: &Arc<AtomicU8>) -> Option<Result<i64, QueryError>> {
    let key = Moody(1, mood.clone());
    let asking = rt.try_query(|cx| async move { above(key, &cx).await });
    AssertUnwindSafe(asking).catch_unwind().await.ok()
}

/// Afterwards all is as if nothing had happened.
async fn usable(rt: &Arc<Runtime>, mood: &Arc<AtomicU8>, place: &str) {
    mood.store(0, Ordering::SeqCst);
    for slot in [5, 6] {
        put(rt, 1, slot).await;
        let answer = asked(rt, mood).await.map(Result::ok);
        assert_eq!(answer, Some(Some(10 + slot)), "{place}");
    }
}

/// A panic in each of them, in a first run, in a hit, in a check and after a change.
#[tokio::test]
async fn a_type_that_panics_harms_one_request_only() {
    soon(async {
        for what in [HASH, EQ, CLONE, DROP, DEBUG, INITIAL] {
            for stage in ["cold", "hit", "changed", "unrelated"] {
                let (rt, _) = counted();
                let mood = Arc::new(AtomicU8::new(0));
                if stage != "cold" {
                    asked(&rt, &mood).await;
                }
                match stage {
                    "changed" => put(&rt, 1, 3).await,
                    "unrelated" => put(&rt, 2, 3).await,
                    _ => {}
                }
                mood.store(what, Ordering::SeqCst);
                let outcome = asked(&rt, &mood).await;
                let place = format!("mood {what}, {stage}");
                if let Some(Err(error)) = outcome {
                    assert!(!error.to_string().is_empty(), "{place}");
                }
                usable(&rt, &mood, &place).await;
            }
        }
    })
    .await;
}

/// A panic in each of them while a mutation compares, drops and commits: it happened whole or not at all.
#[tokio::test]
async fn a_type_that_panics_in_a_mutation_leaves_it_whole() {
    soon(async {
        for what in [HASH, EQ, CLONE, DROP, INITIAL] {
            for warm in [false, true] {
                let (rt, _) = counted();
                let mood = Arc::new(AtomicU8::new(0));
                if warm {
                    asked(&rt, &mood).await;
                }
                let host = || Host(Moody(1, mood.clone()));
                let (first, second) = (host(), host());
                let moods = mood.clone();
                let mutation = rt.mutate(|cx| async move {
                    Slot(1).set(100, &cx).await;
                    first.set(Moody(20, moods.clone()), &cx).await;
                    moods.store(what, Ordering::SeqCst);
                    second.set(Moody(30, moods.clone()), &cx).await;
                });
                let committed = AssertUnwindSafe(mutation).catch_unwind().await.is_ok();
                mood.store(0, Ordering::SeqCst);
                let place = format!("mood {what}, warm {warm}, committed {committed}");
                let answer = asked(&rt, &mood).await.and_then(Result::ok);
                let whole = answer == Some(130);
                let nothing = answer == Some(10);
                assert!(whole || nothing && !committed, "{place}: {answer:?}");
                put(&rt, 1, 1).await;
                let answer = asked(&rt, &mood).await.and_then(Result::ok);
                assert_eq!(answer, Some(if whole { 31 } else { 11 }), "{place}");
            }
        }
    })
    .await;
}

/// An error is told of a bound query whose argument panics when it is printed.
#[tokio::test]
async fn an_argument_that_panics_when_printed_does_not_hide_the_failure() {
    soon(async {
        let (rt, _) = counted();
        let mood = Arc::new(AtomicU8::new(0));
        put(&rt, 1, -1).await;
        mood.store(DEBUG, Ordering::SeqCst);
        let outcome = asked(&rt, &mood).await;
        let told = outcome.map(|outcome| outcome.expect_err("it fails on purpose").to_string());
        assert!(
            told.is_none_or(|told| told.contains("moody(")),
            "it names the query all the same"
        );
        usable(&rt, &mood, "after an error").await;
    })
    .await;
}
