//! The program as the engine runs it: inputs, the one query, and the record of its executions.
//!
//! The evaluator here is asynchronous and separate from the one of the oracle. Each body follows a
//! noise script that makes it wait here and there; it never changes a value.

use std::collections::HashMap;
use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures::future::join_all;
use salvia::{Input, InputAccess, QueryContext, Revision};

use crate::program::{Expr, VALUES, initial_code, initial_slot, then_value, witness_value};
use crate::rng::mix;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputAccess)]
pub(crate) struct Slot(pub(crate) u16);

impl Input<u8> for Slot {
    fn initial(&self) -> u8 {
        initial_slot(self.0)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputAccess)]
pub(crate) struct Code(pub(crate) u16);

impl Input<Arc<Expr>> for Code {
    fn initial(&self) -> Arc<Expr> {
        initial_code(self.0)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputAccess)]
pub(crate) struct Witness(pub(crate) u8);

impl Input<u64> for Witness {
    fn initial(&self) -> u64 {
        0
    }
}

/// A body that does not do what its program says: shows that the drivers notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// Answers what it answered first, like an invalidation that got lost.
    Deaf,
    /// Reads a slot it has no use for, like a dependency that is kept too long.
    Eager,
}

/// One execution: which body, at which revision.
pub(crate) type Run = (Revision, u16);

#[derive(Debug)]
struct Records {
    started: Mutex<Vec<Run>>,
    finished: Mutex<Vec<Run>>,
    torn: Mutex<Option<Run>>,
    /// The first answer of every node; only for `Fault::Deaf`.
    first: Mutex<HashMap<u16, u8>>,
    attempts: AtomicU64,
    seed: u64,
    noise: u64,
    fault: Fault,
}

/// What the bodies report to; a resource of the runtime.
#[derive(Debug, Clone)]
pub(crate) struct Lab(Arc<Records>);

/// The records stay usable when a client panicked while it held one.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Lab {
    /// A body waits at `noise` of 256 places.
    pub(crate) fn new(seed: u64, noise: u64, fault: Fault) -> Self {
        Self(Arc::new(Records {
            started: Mutex::default(),
            finished: Mutex::default(),
            torn: Mutex::default(),
            first: Mutex::default(),
            attempts: AtomicU64::new(0),
            seed,
            noise,
            fault,
        }))
    }

    /// The bodies started since the last call.
    pub(crate) fn take_started(&self) -> Vec<Run> {
        std::mem::take(&mut lock(&self.0.started))
    }

    /// The bodies that came to their end since the last call.
    pub(crate) fn take_finished(&self) -> Vec<Run> {
        std::mem::take(&mut lock(&self.0.finished))
    }

    /// A body that saw two different witnesses.
    pub(crate) fn torn(&self) -> Option<Run> {
        *lock(&self.0.torn)
    }

    /// Waits a few times now and then, as the script says for this place of this attempt.
    pub(crate) async fn noise(&self, place: u64) {
        if self.0.noise == 0 {
            return;
        }
        let drawn = mix(self.0.seed ^ place.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        if drawn % 256 < self.0.noise {
            for _ in 0..=(drawn >> 8) % 3 {
                tokio::task::yield_now().await;
            }
        }
    }

    /// The runtime is gone: nothing but the driver holds the resource any more. Tasks that end only
    /// when they are polled next get the time for it.
    pub(crate) async fn left_alone(&self) -> Result<(), String> {
        let since = Instant::now();
        while Arc::strong_count(&self.0) > 1 {
            if since.elapsed() > Duration::from_secs(5) {
                return Err("something outlives the runtime".to_owned());
            }
            tokio::task::yield_now().await;
        }
        Ok(())
    }

    fn answer(&self, node: u16, value: u8) -> u8 {
        if self.0.fault == Fault::Deaf && node % 2 == 1 {
            return *lock(&self.0.first).entry(node).or_insert(value);
        }
        value
    }
}

/// One execution of a body.
struct Frame<'a> {
    cx: &'a QueryContext,
    lab: &'a Lab,
    run: Run,
    /// Where in the noise script it is: attempts are far apart.
    place: AtomicU64,
}

impl Frame<'_> {
    async fn noise(&self) {
        if self.lab.0.noise > 0 {
            self.lab
                .noise(self.place.fetch_add(1, Ordering::Relaxed))
                .await;
        }
    }
}

#[salvia::query]
pub(crate) async fn node(index: u16, cx: &QueryContext) -> u8 {
    let lab = cx.resource::<Lab>();
    let run = (cx.revision(), index);
    lock(&lab.0.started).push(run);
    let place = AtomicU64::new(lab.0.attempts.fetch_add(1 << 16, Ordering::Relaxed));
    let frame = Frame {
        cx,
        lab: &lab,
        run,
        place,
    };
    frame.noise().await;
    let code: Arc<Expr> = Code(index).get(cx).await;
    let value = eval(&code, &frame).await;
    if lab.0.fault == Fault::Eager && index % 2 == 1 {
        let _: u8 = Slot(0).get(cx).await;
    }
    frame.noise().await;
    lock(&lab.0.finished).push(run);
    lab.answer(index, value)
}

type Eval<'a> = Pin<Box<dyn Future<Output = u8> + Send + 'a>>;

/// Nodes and inputs are called here, before anything is polled: a join of them says what it knew.
fn eval<'a>(expr: &'a Expr, frame: &'a Frame<'a>) -> Eval<'a> {
    match expr {
        Expr::Const(value) => Box::pin(ready(*value)),
        Expr::In(slot) => Box::pin(Slot(*slot).get(frame.cx)),
        Expr::Node(index) => {
            let call = node(*index, frame.cx);
            Box::pin(async move {
                frame.noise().await;
                call.await
            })
        }
        _ => Box::pin(compound(expr, frame)),
    }
}

async fn compound(expr: &Expr, frame: &Frame<'_>) -> u8 {
    match expr {
        Expr::Sum(items) => in_turn(items, frame).await,
        Expr::Join(items) => total(at_once(items, frame).await),
        Expr::Cond(parts) => {
            let taken = if eval(&parts[0], frame).await % 2 == 1 {
                1
            } else {
                2
            };
            eval(&parts[taken], frame).await
        }
        Expr::Index(selector, items) => {
            let selected = usize::from(eval(selector, frame).await) % items.len();
            eval(&items[selected], frame).await
        }
        Expr::Guard(len, items) => {
            let len = usize::from(eval(len, frame).await).min(items.len());
            in_turn(&items[..len], frame).await
        }
        Expr::Mod(of, by) => eval(of, frame).await % by,
        Expr::Then(parts) => {
            let known = at_once(&parts[..2], frame).await;
            let z = eval(&parts[2 + usize::from(known[0] % 2)], frame).await;
            then_value(known[0], known[1], z)
        }
        Expr::Twice(of) => (eval(of, frame).await + eval(of, frame).await) % VALUES,
        Expr::Witness => witnesses(frame).await,
        Expr::Const(_) | Expr::In(_) | Expr::Node(_) => eval(expr, frame).await,
    }
}

async fn in_turn(items: &[Expr], frame: &Frame<'_>) -> u8 {
    let mut sum = 0;
    for item in items {
        sum = (sum + eval(item, frame).await) % VALUES;
    }
    sum
}

async fn at_once(items: &[Expr], frame: &Frame<'_>) -> Vec<u8> {
    let calls: Vec<_> = items.iter().map(|item| eval(item, frame)).collect();
    join_all(calls).await
}

fn total(values: Vec<u8>) -> u8 {
    values.iter().fold(0, |sum, value| (sum + value) % VALUES)
}

async fn witnesses(frame: &Frame<'_>) -> u8 {
    let one = Witness(0).get(frame.cx).await;
    frame.noise().await;
    let other = Witness(1).get(frame.cx).await;
    if one != other {
        lock(&frame.lab.0.torn).get_or_insert(frame.run);
    }
    witness_value(one, other)
}
