//! Commits: the atomic end of a mutation.
//!
//! First all user code runs (which of the writes change anything), then the pairs of the new
//! revision go in, then propagation tells everybody affected, and last the revision is published.
//! Until then no reader is disturbed: they read at older revisions. From the first write on the
//! commit cannot be lost: it runs through without an await, or moves into a task of the engine,
//! with the writers' turn in its hand.

use crate::node::dirty::tell;
use crate::node::edge::{Edge, ReverseEdge};
use crate::node::memo::Memo;
use crate::revision::Revision;
use crate::runtime::engine::Engine;
use crate::runtime::execute::guarded;
use crate::runtime::pin::Pinned;
use crate::sync::{Arc, TurnGuard, reply};
use crate::value::Value;

/// So many nodes are told before a commit lets other tasks run.
const BATCH: usize = 4_096;

/// A new value of an input.
pub(crate) struct Write {
    pub(crate) edge: Edge,
    pub(crate) value: Value,
}

/// Applies writes, and gives a pin of the revision in which they are in force: a new one, or
/// the current one if nothing changes.
pub(crate) async fn commit(
    engine: Arc<Engine>,
    mut writes: Vec<Write>,
    turn: TurnGuard<()>,
) -> Arc<Pinned> {
    writes.retain(|write| engine.changes(write));
    if writes.is_empty() {
        return engine.clock.pin();
    }
    let mut commit = Commit::begin(engine, writes, turn);
    if commit.propagate(BATCH) {
        return commit.publish();
    }
    let engine = commit.engine.clone();
    let (done, published) = reply();
    engine.tasks.spawn(async move {
        while !commit.propagate(BATCH) {
            tokio::task::yield_now().await;
        }
        // Nobody may be waiting any more.
        let _ = done.send(commit.publish());
    });
    // Only the end of the runtime can take the task away.
    published.await.unwrap_or_else(|_| engine.clock.pin())
}

/// A commit that has begun to write.
struct Commit {
    engine: Arc<Engine>,
    revision: Revision,
    inputs: Vec<u32>,
    /// Reverse edges still to follow, and the node whose they were.
    work: Vec<(Edge, Vec<ReverseEdge>)>,
    _turn: TurnGuard<()>,
}

impl Commit {
    fn begin(engine: Arc<Engine>, writes: Vec<Write>, turn: TurnGuard<()>) -> Self {
        let revision = engine.clock.revision().next();
        let inputs = writes.iter().map(|write| write.edge.slot).collect();
        let work = writes
            .into_iter()
            .filter_map(|write| engine.write(write, revision))
            .collect();
        Commit {
            engine,
            revision,
            inputs,
            work,
            _turn: turn,
        }
    }

    /// Tells up to about `batch` readers. True when there is nobody left to tell.
    fn propagate(&mut self, batch: usize) -> bool {
        let mut told = 0;
        while told < batch {
            let Some((changed, readers)) = self.work.last_mut() else {
                return true;
            };
            let changed = *changed;
            match readers.pop() {
                None => drop(self.work.pop()),
                Some(reader) => {
                    told += 1;
                    let onward = self.engine.tell(reader, changed, self.revision);
                    self.work.extend(onward);
                }
            }
        }
        self.work.is_empty()
    }

    /// Makes the revision the current one, and drops the pairs nobody can see any more.
    fn publish(self) -> Arc<Pinned> {
        let before = self.engine.clock.revision();
        let pin = self
            .engine
            .clock
            .publish(self.revision, Arc::downgrade(&self.engine));
        self.engine.prune(&self.inputs, before);
        pin
    }
}

impl Engine {
    /// Whether a write differs from what is there. User code.
    fn changes(&self, write: &Write) -> bool {
        let memo = self.store.node(write.edge.slot).memo.get();
        let memo = memo.expect("an input that is written has a memo");
        let old = memo
            .value
            .as_ref()
            .expect("an input has a value from its making on");
        !(memo.bound.kind.same)(old, &write.value)
    }

    /// Puts a new pair at its input. Gives the readers of the old one, who have to be told.
    fn write(&self, write: Write, revision: Revision) -> Option<(Edge, Vec<ReverseEdge>)> {
        let Write { edge, value } = write;
        let node = self.store.node(edge.slot);
        let mut state = node.state.lock();
        let old = node
            .memo
            .get()
            .expect("an input that is written has a memo");
        let new = Memo::input(old.bound.clone(), value, revision);
        old.set_dirty_at(revision);
        state.older.push(old);
        node.memo.replace(Arc::new(new));
        let readers = std::mem::take(&mut state.reverse);
        (!readers.is_empty()).then_some((edge, readers))
    }

    /// Tells one reader that the node of `changed` changes at `revision`. Gives its own readers
    /// if they have to be told in turn.
    fn tell(
        &self,
        reader: ReverseEdge,
        changed: Edge,
        revision: Revision,
    ) -> Option<(Edge, Vec<ReverseEdge>)> {
        let node = self.store.node(reader.reader);
        let mut state = node.state.lock();
        let memo = node.memo.get()?;
        let told = tell(&mut state, &memo, reader.number, changed, revision);
        drop(state);
        for claim in &told.heard {
            // Wakers are foreign code, and a commit is not to be lost to one that panics.
            let _ = guarded(|| claim.nudge());
        }
        (!told.onward.is_empty()).then(|| (memo.edge(reader.reader), told.onward))
    }

    /// Drops the pairs of inputs that were in force at `revision`, if no pin can see them any
    /// more. A pair that is kept is looked at again when the newest pin that sees it goes.
    pub(crate) fn prune(&self, inputs: &[u32], revision: Revision) {
        for &slot in inputs {
            let mut state = self.store.node(slot).state.lock();
            let Some(place) = state.older.iter().rposition(|pair| pair.covers(revision)) else {
                continue;
            };
            let pins = self.clock.covered(state.older[place].interval());
            let waste = pins.is_empty().then(|| state.older.remove(place));
            drop(state);
            if let Some(newest) = pins.last() {
                newest.prune_later(slot);
            }
            // Not under the lock: a value's drop is user code, and a pin's looks at inputs.
            drop((waste, pins));
        }
    }
}
