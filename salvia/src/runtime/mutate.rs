//! Mutations: a closure's writes, collected until it ends.
//!
//! They run one at a time, in the order of their requests. A closure that panics, is dropped
//! or gives up leaves nothing behind: its writes were never anywhere else.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};

use crate::bug::planted;
use crate::revision::Revision;
use crate::runtime::InputContext;
use crate::runtime::commit::{Write, commit};
use crate::runtime::engine::EngineArc;
use crate::runtime::guard::discard;
use crate::runtime::pin::{Pinned, WritersTurn, Writing};
use crate::runtime::poll::{Doing, Mark, Outermost};
use crate::runtime::store::Found;
use crate::sync::{Arc, HashMap, Mutex, MutexGuard, Thin, cooperative};
use crate::value::Value;

/// One mutation while its closure runs.
pub(crate) struct Mutation {
    pub(crate) engine: EngineArc,
    /// The current one: it stays so while this has the turn, so it need not be pinned.
    pub(crate) revision: Revision,
    /// `None` once the closure has ended.
    writes: Mutex<Option<Writes>>,
}

/// The last write of each input, in the order of first writing.
struct Writes {
    list: Vec<Write>,
    /// Where in the list the write of a slot stands, once there are more than a few.
    places: HashMap<u32, usize>,
    /// How often something was read or written.
    accesses: usize,
}

/// So many writes are searched one by one.
const FEW: usize = 8;

impl Writes {
    fn find(&mut self, slot: u32) -> Option<&mut Write> {
        self.accesses += 1;
        if self.accesses == FEW {
            Outermost::was_long();
        }
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
            if self.places.len() == self.places.capacity() {
                // Who writes so many often writes many more, and all have to move each time.
                self.places.reserve(3 * place);
            }
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
    /// What this mutation has written to the input in a slot.
    pub(crate) fn written(&self, slot: u32) -> Option<Value> {
        let mut open = self.open();
        let writes = open.as_mut().expect(ENDED);
        writes.find(slot).map(|write| write.value.clone())
    }

    pub(crate) fn write(&self, input: Found, value: Value) {
        let edge = input.edge();
        let mut open = self.open();
        let writes = open.as_mut().expect(ENDED);
        let before = match writes.find(edge.slot) {
            Some(write) => Some(std::mem::replace(&mut write.value, value)),
            None => {
                let before = input.into_memo();
                writes.add(Write {
                    edge,
                    value,
                    before,
                });
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
struct Closing(Option<(Thin<Mutation>, Writing)>);

impl Drop for Closing {
    fn drop(&mut self) {
        let Some((mutation, writing)) = self.0.take() else {
            return;
        };
        let writes = mutation.close();
        // Users' values go after the turn: their `Drop` may want it, or panic.
        drop(writing);
        writes.into_iter().for_each(discard);
    }
}

/// Runs a mutation, and commits it if `keep` says so of the closure's result. If it is to be `pinned`, gives a pin of the
/// revision in which it is in force.
pub(crate) async fn mutate<F, Fut>(
    engine: &EngineArc,
    f: F,
    keep: impl FnOnce(&Fut::Output) -> bool,
    pinned: bool,
) -> (Fut::Output, Option<Arc<Pinned>>)
where
    F: FnOnce(InputContext) -> Fut,
    Fut: Future,
{
    assert!(
        !Mark::is_set(Doing::Mutation, EngineArc::as_ptr(engine)),
        "salvia: `mutate` was called inside `mutate`, which would wait for itself; write through the context that is there"
    );
    // At once, for somebody who will never give the turn back may have it.
    assert!(!engine.tasks.is_closed(), "{REFUSED}");
    let writing = Writing::begin(turn(engine).await);
    // It may have come to its turn after the end.
    assert!(!engine.tasks.is_closed(), "{REFUSED}");
    let [mutation, closing] = Mutation::begin(engine);
    // Before what holds the turn, so that the turn goes first if this is dropped: what the closure
    // holds is the user's, and its `Drop` may want it.
    let running = pin!(async move { f(InputContext::new(mutation)).await });
    let mut closing = Closing(Some((closing, writing)));
    let value = marked(engine, running).await;
    if (keep(&value) || planted("refusal-committed"))
        && let Some((mutation, writing)) = closing.0.take()
    {
        let (engine, writes) = Mutation::end(mutation);
        let pin = match commit(engine, writes, writing, pinned) {
            Ok(pin) => pin,
            Err(rest) => rest.await,
        };
        return (value, pin);
    }
    drop(closing);
    (value, pinned.then(|| engine.clock.pin()))
}

/// The writers' turn. Who mutates over and over while it is free has nothing else to wait for, and has to let others go on.
async fn turn(engine: &EngineArc) -> WritersTurn {
    if Outermost::takes_turn() {
        cooperative(pin!(engine.take_turn())).await
    } else {
        engine.take_turn().await
    }
}

impl Mutation {
    /// For the closure, and for who closes it.
    fn begin(engine: &EngineArc) -> [Thin<Self>; 2] {
        Thin::several(Mutation {
            engine: engine.clone(),
            revision: engine.clock.newest(),
            writes: Mutex::new(Some(Writes {
                list: Vec::with_capacity(FEW),
                places: HashMap::default(),
                accesses: 0,
            })),
        })
    }

    /// What the commit goes on with.
    fn end(mutation: Thin<Self>) -> (EngineArc, Vec<Write>) {
        match Thin::try_unwrap(mutation) {
            Ok(mut alone) => {
                let writes = list(alone.writes.get_mut().take());
                (alone.engine, writes)
            }
            // Somebody has kept the context.
            Err(kept) => (kept.engine.clone(), kept.close()),
        }
    }
}

/// Polls a future so that a mutation inside it can tell.
async fn marked<F: Future>(engine: &EngineArc, mut future: Pin<&mut F>) -> F::Output {
    poll_fn(|cx| {
        let _mark = Mark::enter(Doing::Mutation, EngineArc::as_ptr(engine));
        future.as_mut().poll(cx)
    })
    .await
}
