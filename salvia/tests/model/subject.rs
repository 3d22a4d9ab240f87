//! The program as the engine runs it: inputs, the one query, and the record of its executions.
//!
//! The evaluator here is asynchronous and separate from the one of the oracle. Each body follows a
//! noise script that makes it wait here and there; it never changes a value.

use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures::future::{Either, join_all};
use salvia::{Input, InputAccess, QueryContext};

use crate::lab::{Fault, Lab, Run, Tracked};
use crate::program::{
    Expr, VALUES, initial_code, initial_slot, step_name, step_value, then_value, witness_value,
};

#[derive(Debug, Clone, PartialEq, Eq, Hash, InputAccess)]
pub(crate) struct Slot(pub(crate) Tracked<u16>);

impl Input<Tracked<u8>> for Slot {
    fn initial(&self) -> Tracked<u8> {
        self.0.with(initial_slot(self.0.value))
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, InputAccess)]
pub(crate) struct Code(pub(crate) Tracked<u16>);

impl Input<Tracked<Arc<Expr>>> for Code {
    fn initial(&self) -> Tracked<Arc<Expr>> {
        self.0.with(initial_code(self.0.value))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputAccess)]
pub(crate) struct Witness(pub(crate) u8);

impl Input<u64> for Witness {
    fn initial(&self) -> u64 {
        0
    }
}

/// One execution of a body.
struct Frame<'a> {
    cx: &'a QueryContext,
    lab: &'a Lab,
    run: Run,
    /// Where in the noise script it is: attempts are far apart.
    place: AtomicU64,
    /// Of the node.
    key: Tracked<u16>,
}

impl Frame<'_> {
    async fn noise(&self) {
        let place = self.place.fetch_add(1, Ordering::Relaxed);
        self.lab.point(place).await;
    }
}

/// Calls the query that a node is of.
pub(crate) fn node(
    index: u16,
    lab: &Lab,
    cx: &QueryContext,
) -> impl Future<Output = Tracked<u8>> + Send {
    let key = lab.tracked(index);
    if lab.limits().bind(index) {
        Either::Left(bounded(key, cx))
    } else {
        Either::Right(unbounded(key, cx))
    }
}

#[salvia::query]
async fn unbounded(key: Tracked<u16>, cx: &QueryContext) -> Tracked<u8> {
    body(key, cx).await
}

/// The same with fewer values at a time than most worlds have such nodes.
#[salvia::query(lru = 2)]
async fn bounded(key: Tracked<u16>, cx: &QueryContext) -> Tracked<u8> {
    body(key, cx).await
}

async fn body(key: Tracked<u16>, cx: &QueryContext) -> Tracked<u8> {
    let lab = cx.resource::<Lab>();
    let index = key.value;
    let run = (cx.revision(), index);
    let place = AtomicU64::new(lab.start(run));
    let frame = Frame {
        cx,
        lab: &lab,
        run,
        place,
        key: key.clone(),
    };
    frame.noise().await;
    let code: Tracked<Arc<Expr>> = Code(key.clone()).get(cx).await;
    let value = eval(&code.value, &frame).await;
    if lab.fault() == Fault::Eager && index % 2 == 1 {
        let _: Tracked<u8> = Slot(key.with(0)).get(cx).await;
    }
    frame.noise().await;
    lab.finish(run);
    key.with(lab.answer(index, value))
}

/// One step of a way.
#[salvia::query]
async fn step(way: Tracked<(u16, u8)>, cx: &QueryContext) -> Tracked<u8> {
    let lab = cx.resource::<Lab>();
    let (from, steps) = way.value;
    let run = (cx.revision(), step_name(from, steps));
    let place = lab.start(run);
    lab.point(place).await;
    let value = match steps {
        1 => node(from, &lab, cx).await,
        _ => step(way.with((from, steps - 1)), cx).await,
    };
    lab.point(place + 1).await;
    lab.finish(run);
    way.with(step_value(value.value, steps))
}

type Eval<'a> = Pin<Box<dyn Future<Output = u8> + Send + 'a>>;

/// Nodes and inputs are called here, before anything is polled: a join of them says what it knew.
fn eval<'a>(expr: &'a Expr, frame: &'a Frame<'a>) -> Eval<'a> {
    match expr {
        Expr::Const(value) => Box::pin(ready(*value)),
        Expr::In(slot) => {
            let read = Slot(frame.lab.tracked(*slot)).get::<Tracked<u8>>(frame.cx);
            Box::pin(async move { read.await.value })
        }
        Expr::Node(index) => {
            let call = node(*index, frame.lab, frame.cx);
            Box::pin(async move {
                frame.noise().await;
                call.await.value
            })
        }
        Expr::Way(from, steps) => {
            let call = step(frame.lab.tracked((*from, *steps)), frame.cx);
            Box::pin(async move {
                frame.noise().await;
                call.await.value
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
        Expr::Part(slot, part) => {
            let part = frame.key.with(Arc::clone(part));
            let call = frame.cx.memo_in_slot(slot, (&frame.key, &part), self::part);
            call.await.value
        }
        Expr::Twice(of) => (eval(of, frame).await + eval(of, frame).await) % VALUES,
        Expr::Witness => witnesses(frame).await,
        Expr::Const(_) | Expr::In(_) | Expr::Node(_) | Expr::Way(..) => eval(expr, frame).await,
    }
}

/// The body of an anonymous node, which has a frame of its own.
async fn part((key, part): (&Tracked<u16>, &Tracked<Arc<Expr>>), cx: &QueryContext) -> Tracked<u8> {
    let lab = cx.resource::<Lab>();
    let frame = Frame {
        cx,
        lab: &lab,
        run: (cx.revision(), key.value),
        place: AtomicU64::new(lab.attempt()),
        key: key.clone(),
    };
    frame.noise().await;
    let value = eval(&part.value, &frame).await;
    frame.noise().await;
    key.with(value)
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
        frame.lab.tore(frame.run);
    }
    witness_value(one, other)
}
