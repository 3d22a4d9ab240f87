//! The places in users' types: what the engine calls to look a key up, to compare, to copy and to drop a value.
//!
//! The call is made there as a synchronous function makes it: by blocking the thread, or with a thread of its own. What it
//! asks for needs no task: a thread that is blocked drives no tokio, so on the only one that would be a wait for ever.

use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex};

use salvia::{Input, InputAccess, QueryContext, Runtime, query};
use tokio::runtime::{Handle, RuntimeFlavor};

use super::matrix::{
    Call, Expected, Impossible, NOT_IN_A_BODY, NOT_TWICE, Scene, Works, every_call,
};
use crate::kit::{Slot, put};

/// What the engine calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Point {
    Hash,
    Eq,
    Clone,
    Drop,
    Initial,
}

type Hook = Box<dyn FnOnce() + Send>;

/// Does something once, when a point is come by.
#[derive(Clone, Default)]
pub(super) struct Wire(Arc<Mutex<Option<(Laid, Hook)>>>);

/// Where, and by which number.
type Laid = (Point, i64);

impl Wire {
    fn lay(&self, at: Laid, hook: Hook) {
        *self.0.lock().expect("nobody panics here") = Some((at, hook));
    }

    fn pass(&self, point: Point, number: i64) {
        let mut laid = self.0.lock().expect("nobody panics here");
        let hook = laid.take_if(|(at, _)| *at == (point, number));
        drop(laid);
        if let Some((_, hook)) = hook {
            hook();
        }
    }

    fn is_laid(&self) -> bool {
        self.0.lock().expect("nobody panics here").is_some()
    }
}

/// The number of every key and host; values have smaller ones.
const KEY: i64 = 99;

/// A number whose traits make the call: a key, a host, a value of either.
struct Wired(i64, Wire);

impl Hash for Wired {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.1.pass(Point::Hash, self.0);
        self.0.hash(state);
    }
}

impl PartialEq for Wired {
    fn eq(&self, other: &Self) -> bool {
        self.1.pass(Point::Eq, self.0);
        self.0 == other.0
    }
}

impl Eq for Wired {}

impl Clone for Wired {
    fn clone(&self) -> Self {
        self.1.pass(Point::Clone, self.0);
        Wired(self.0, self.1.clone())
    }
}

impl Drop for Wired {
    fn drop(&mut self) {
        self.1.pass(Point::Drop, self.0);
    }
}

#[derive(Clone, PartialEq, Eq, Hash, InputAccess)]
struct Host(Wired);

impl Input<Wired> for Host {
    fn initial(&self) -> Wired {
        self.0.1.pass(Point::Initial, self.0.0);
        Wired(0, self.0.1.clone())
    }
}

/// The number of slot 3.
#[query]
async fn wired(key: Wired, cx: &QueryContext) -> Wired {
    Wired(Slot(3).get(cx).await, key.1.clone())
}

/// Asks for `wired` in a body.
#[query]
async fn above(cx: &QueryContext) -> i64 {
    let wire = cx.resource::<Wire>();
    wired(Wired(KEY, (*wire).clone()), cx).await.0
}

/// Blocks the thread it is called on, until the call is made.
fn in_place(scene: Scene) -> Hook {
    Box::new(move || futures::executor::block_on(scene.make_the_call()))
}

/// Blocks it the way tokio has for that, where it has several threads.
fn with_tokio(scene: Scene) -> Hook {
    let tokio = Handle::current();
    if tokio.runtime_flavor() == RuntimeFlavor::CurrentThread {
        return in_place(scene);
    }
    Box::new(move || tokio::task::block_in_place(|| tokio.block_on(scene.make_the_call())))
}

/// Blocks it until another thread has made the call.
fn with_a_thread(scene: Scene) -> Hook {
    let tokio = Handle::current();
    Box::new(move || {
        let thread = std::thread::spawn(move || tokio.block_on(scene.make_the_call()));
        thread.join().expect("it does not panic");
    })
}

const WAYS: [fn(Scene) -> Hook; 3] = [in_place, with_tokio, with_a_thread];

/// Prepares a runtime, lays the wire, and goes on to come by.
fn every_call_at<P, G, T>(laid: Laid, expected: fn(bool, Call) -> Expected, prepare: P, go_on: G)
where
    P: AsyncFn(&Arc<Runtime>, &Wire) + Copy + Send + 'static,
    G: AsyncFn(&Arc<Runtime>, &Wire) -> T + Copy + Send + 'static,
{
    for (number, way) in WAYS.into_iter().enumerate() {
        let own_thread = number == 2;
        every_call(
            |call| expected(own_thread, call),
            async move |rt, scene| {
                let wire = rt.query(async |cx| (*cx.resource::<Wire>()).clone()).await;
                prepare(&rt, &wire).await;
                wire.lay(laid, way(scene));
                go_on(&rt, &wire).await;
                assert!(!wire.is_laid(), "it did not come by");
            },
        );
    }
}

async fn ask(rt: &Arc<Runtime>, wire: &Wire) -> i64 {
    let key = Wired(KEY, wire.clone());
    rt.query(|cx| async move { wired(key, &cx).await.0 }).await
}

async fn ask_above(rt: &Arc<Runtime>, _: &Wire) -> i64 {
    rt.query(|cx| async move { above(&cx).await }).await
}

async fn ask_once(rt: &Arc<Runtime>, wire: &Wire) {
    ask(rt, wire).await;
}

async fn warm(rt: &Arc<Runtime>, wire: &Wire) {
    ask(rt, wire).await;
    put(rt, 3, 1).await;
}

async fn warm_above(rt: &Arc<Runtime>, wire: &Wire) {
    ask_above(rt, wire).await;
    put(rt, 3, 1).await;
}

async fn host(rt: &Arc<Runtime>, wire: &Wire, value: i64) {
    let (host, value) = (Host(Wired(KEY, wire.clone())), Wired(value, wire.clone()));
    rt.mutate(|cx| async move { host.set(value, &cx).await })
        .await;
}

#[test]
fn eq_of_a_value_may_do_everything_when_it_is_published() {
    every_call_at((Point::Eq, 0), |_, _| Works, warm, ask);
}

/// In a body's poll it is as in the body; on a thread of its own nobody sees that.
fn in_a_body(own_thread: bool, call: Call) -> Expected {
    if call.asks() && !own_thread {
        NOT_IN_A_BODY
    } else {
        Works
    }
}

#[test]
fn hash_of_a_key_may_do_everything_where_it_is_asked_for() {
    every_call_at((Point::Hash, KEY), |_, _| Works, async |_, _| {}, ask);
    every_call_at((Point::Hash, KEY), |_, _| Works, warm, ask);
    every_call_at((Point::Hash, KEY), in_a_body, async |_, _| {}, ask_above);
}

#[test]
fn eq_of_a_key_may_do_everything_where_it_is_asked_for() {
    every_call_at((Point::Eq, KEY), |_, _| Works, ask_once, ask);
}

#[test]
fn clone_may_do_everything() {
    every_call_at((Point::Clone, 0), |_, _| Works, async |_, _| {}, ask);
    every_call_at((Point::Clone, 1), |_, _| Works, warm, ask);
}

#[test]
fn initial_may_do_everything() {
    every_call_at(
        (Point::Initial, KEY),
        |_, _| Works,
        async |_, _| {},
        async |rt, wire| {
            let host = Host(Wired(KEY, wire.clone()));
            rt.query(|cx| async move { host.get(&cx).await.0 }).await;
        },
    );
}

#[test]
fn drop_of_a_superseded_value_may_do_everything() {
    every_call_at((Point::Drop, 0), |_, _| Works, warm, ask);
    every_call_at((Point::Drop, 0), |_, _| Works, warm_above, ask_above);
}

/// The commit has the writers' turn while it compares; on a thread of its own nobody sees that it is asked for there.
fn while_it_compares(own_thread: bool, call: Call) -> Expected {
    match call {
        call if !call.writes() => Works,
        _ if own_thread => Impossible,
        _ => NOT_TWICE,
    }
}

#[test]
fn eq_of_an_input_in_a_commit_may_do_everything_but_mutate() {
    every_call_at(
        (Point::Eq, 1),
        while_it_compares,
        async |rt, wire| host(rt, wire, 1).await,
        async |rt, wire| host(rt, wire, 2).await,
    );
}

/// What goes out of use is dropped when the turn is free again: an old value, one that changes nothing, one that is refused.
#[test]
fn drop_of_an_inputs_value_may_do_everything() {
    every_call_at(
        (Point::Drop, 1),
        |_, _| Works,
        async |rt, wire| host(rt, wire, 1).await,
        async |rt, wire| host(rt, wire, 2).await,
    );
    every_call_at(
        (Point::Drop, 1),
        |_, _| Works,
        async |rt, wire| host(rt, wire, 1).await,
        async |rt, wire| host(rt, wire, 1).await,
    );
    every_call_at(
        (Point::Drop, 1),
        |_, _| Works,
        async |_, _| {},
        async |rt, wire| {
            let (host, value) = (Host(Wired(KEY, wire.clone())), Wired(1, wire.clone()));
            let refused = rt.try_mutate(|cx| async move {
                host.set(value, &cx).await;
                Err::<(), ()>(())
            });
            assert!(refused.await.is_err());
        },
    );
}

#[test]
fn drop_of_what_a_snapshot_kept_may_do_everything() {
    every_call(
        |_| Works,
        async |rt, scene| {
            let wire = rt.query(async |cx| (*cx.resource::<Wire>()).clone()).await;
            host(&rt, &wire, 1).await;
            let snapshot = rt.snapshot();
            host(&rt, &wire, 2).await;
            wire.lay((Point::Drop, 1), in_place(scene));
            drop(snapshot);
            assert!(!wire.is_laid(), "it did not come by");
        },
    );
}
