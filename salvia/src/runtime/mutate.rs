//! Mutations: a closure's writes, collected until it ends.
//!
//! They run one at a time, in the order of their requests. A closure that panics, is dropped
//! or gives up leaves nothing behind: its writes were never anywhere else.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};

use crate::bug::planted;
use crate::node::edge::Edge;
use crate::runtime::asker::View;
use crate::runtime::commit::{Write, commit};
use crate::runtime::engine::Engine;
use crate::runtime::guard::discard;
use crate::runtime::pin::Pinned;
use crate::runtime::poll::{Doing, Mark};
use crate::runtime::{InputContext, Runtime};
use crate::sync::{Arc, HashMap, Mutex, MutexGuard, TurnGuard, cooperative};
use crate::value::Value;

/// One mutation while its closure runs.
pub(crate) struct Mutation {
    view: View,
    _runtime: Arc<Runtime>,
    /// `None` once the closure has ended.
    writes: Mutex<Option<Writes>>,
}

/// The last write of each input, in the order of first writing.
#[derive(Default)]
struct Writes {
    list: Vec<Write>,
    /// Where in the list the write of a slot stands, once there are more than a few.
    places: HashMap<u32, usize>,
}

/// So many writes are searched one by one.
const FEW: usize = 8;

impl Writes {
    fn find(&mut self, slot: u32) -> Option<&mut Write> {
        if self.list.len() <= FEW {
            return self.list.iter_mut().find(|write| write.edge.slot == slot);
        }
        let place = *self.places.get(&slot)?;
        self.list.get_mut(place)
    }

    /// Adds the first write of a slot.
    fn add(&mut self, write: Write) {
        let place = self.list.len();
        if place == FEW {
            let places = self.list.iter().map(|write| write.edge.slot).zip(0..);
            self.places.extend(places);
        }
        if place >= FEW {
            self.places.insert(write.edge.slot, place);
        }
        self.list.push(write);
    }
}

/// What was written, if that was not taken before.
fn list(writes: Option<Writes>) -> Vec<Write> {
    writes.map(|writes| writes.list).unwrap_or_default()
}

const ENDED: &str = "salvia: an `InputContext` was used after its mutation had ended";

const REFUSED: &str = "salvia: `mutate` was called on a runtime that has ended";

impl Mutation {
    pub(crate) fn view(&self) -> &View {
        &self.view
    }

    /// What this mutation has written to the input in a slot.
    pub(crate) fn written(&self, slot: u32) -> Option<Value> {
        let mut open = self.open();
        let writes = open.as_mut().expect(ENDED);
        writes.find(slot).map(|write| write.value.clone())
    }

    pub(crate) fn write(&self, edge: Edge, value: Value) {
        let mut open = self.open();
        let writes = open.as_mut().expect(ENDED);
        let before = match writes.find(edge.slot) {
            Some(write) => Some(std::mem::replace(&mut write.value, value)),
            None => {
                writes.add(Write { edge, value });
                None
            }
        };
        drop(open);
        // Dropping a value is user code.
        drop(before);
    }

    /// Panics if the closure has ended.
    pub(crate) fn assert_open(&self) {
        assert!(self.open().is_some(), "{ENDED}");
    }

    fn open(&self) -> MutexGuard<'_, Option<Writes>> {
        self.writes.lock()
    }

    fn close(&self) -> Vec<Write> {
        list(self.open().take())
    }
}

/// Closes a mutation however its closure ends, unless it is taken out to be committed.
struct Closing(Option<(Arc<Mutation>, TurnGuard<()>)>);

impl Drop for Closing {
    fn drop(&mut self) {
        let Some((mutation, turn)) = self.0.take() else {
            return;
        };
        let writes = mutation.close();
        // Users' values go after the turn: their `Drop` may want it, or panic.
        drop(turn);
        writes.into_iter().for_each(discard);
    }
}

/// Runs a mutation, and commits it if `keep` says so of the closure's result. Gives a pin of
/// the revision in which it is in force.
pub(crate) async fn mutate<F, Fut>(
    runtime: &Arc<Runtime>,
    f: F,
    keep: impl FnOnce(&Fut::Output) -> bool,
) -> (Fut::Output, Arc<Pinned>)
where
    F: FnOnce(InputContext) -> Fut,
    Fut: Future,
{
    let engine = runtime.engine();
    assert!(
        !Mark::is_set(Doing::Mutation, Arc::as_ptr(engine)),
        "salvia: `mutate` was called inside `mutate`, which would wait for itself; write through the context that is there"
    );
    assert!(!engine.tasks.is_closed(), "{REFUSED}");
    // Who mutates over and over while the turn is free has nothing else to wait for.
    let turn = cooperative(pin!(engine.take_turn())).await;
    let mutation = Mutation::begin(runtime, engine);
    // It may have come to its turn after the end.
    assert!(!mutation.view.pin.has_ended, "{REFUSED}");
    let closing = mutation.clone();
    // Before what holds the turn, so that the turn goes first if this is dropped: what the closure
    // holds is the user's, and its `Drop` may want it.
    let running = pin!(async move { f(InputContext::new(mutation)).await });
    let mut closing = Closing(Some((closing, turn)));
    let value = marked(engine, running).await;
    if (keep(&value) || planted("refusal-committed"))
        && let Some((mutation, turn)) = closing.0.take()
    {
        let (view, writes) = Mutation::end(mutation);
        let pin = commit(view, writes, turn).await;
        return (value, pin);
    }
    drop(closing);
    let pin = engine.clock.pin();
    (value, pin)
}

impl Mutation {
    fn begin(runtime: &Arc<Runtime>, engine: &Arc<Engine>) -> Arc<Self> {
        let view = View {
            engine: engine.clone(),
            pin: engine.clock.pin(),
        };
        let writes = Mutex::new(Some(Writes::default()));
        Arc::new(Mutation {
            view,
            _runtime: runtime.clone(),
            writes,
        })
    }

    /// What the commit goes on with. Nobody else needs the pin any more, unless somebody has kept the context.
    fn end(mutation: Arc<Self>) -> (View, Vec<Write>) {
        match Arc::try_unwrap(mutation) {
            Ok(mut alone) => {
                let writes = list(alone.writes.get_mut().take());
                (alone.view, writes)
            }
            Err(kept) => (kept.view.clone(), kept.close()),
        }
    }
}

/// Polls a future so that a mutation inside it can tell.
async fn marked<F: Future>(engine: &Arc<Engine>, mut future: Pin<&mut F>) -> F::Output {
    poll_fn(|cx| {
        let _mark = Mark::enter(Doing::Mutation, Arc::as_ptr(engine));
        future.as_mut().poll(cx)
    })
    .await
}
