//! Commits: the atomic end of a mutation.
//!
//! First all user code runs (which of the writes change anything), then the pairs of the new
//! revision go in, then propagation tells everybody affected, and last the revision is published.
//! Until then no reader is disturbed: they read at older revisions. From the first write on the
//! commit cannot be lost: if its mutation is dropped it moves into a task of the engine, with the
//! writers' turn in its hand, and the end of the runtime waits for it.

use crate::bug::planted;
use crate::node::bound::Work;

use crate::node::edge::{Edge, ReverseEdge};
use crate::node::memo::Memo;
use crate::node::readers::Readers;
use crate::node::tell::tell;
use crate::revision::Revision;
use crate::runtime::asker::View;
use crate::runtime::engine::Engine;
use crate::runtime::guard::{discard, guarded, wake};
use crate::runtime::pin::Pinned;
use crate::runtime::poll::{Doing, Mark};
use crate::sync::{Arc, Counted, MODELLED, TurnGuard, yield_now};
use crate::value::Value;

/// So many nodes are told before a commit lets other tasks run.
const BATCH: usize = if MODELLED { 1 } else { 4_096 };

/// A new value of an input.
pub(crate) struct Write {
    pub(crate) edge: Edge,
    pub(crate) value: Value,
}

/// Applies writes to what is there `at` the current revision, and gives a pin of the one in
/// which they are in force: a new one, or the current one if nothing changes.
pub(crate) async fn commit(at: View, mut writes: Vec<Write>, turn: TurnGuard<()>) -> Arc<Pinned> {
    let View {
        engine,
        pin: before,
    } = at;
    let idle = engine.take_idle(&mut writes);
    if writes.is_empty() {
        // While no other commit can come between.
        let pin = engine.clock.pin();
        // Users' values go after the turn: their `Drop` may want it.
        drop(turn);
        discard(idle);
        return pin;
    }
    // The current revision is pinned once by the clock, and once here.
    while planted("commit-waits-for-readers") && Arc::strong_count(&engine.clock.pin()) > 3 {
        yield_now().await;
    }
    let mut commit = Commit::begin(engine, writes, before, turn);
    if planted("publish-before-propagation") {
        commit.publish_early();
    }
    let batch = if planted("commit-never-yields") {
        usize::MAX
    } else {
        BATCH
    };
    let pin = if commit.propagate(batch) {
        commit.publish()
    } else {
        Rest(Some(commit)).finish().await
    };
    discard(idle);
    pin
}

/// Applies writes here and now; if there are many to tell of them it goes on in a task. Gives the turn back if nothing
/// changes.
pub(crate) fn commit_now(
    engine: Arc<Engine>,
    mut writes: Vec<Write>,
    turn: TurnGuard<()>,
) -> Option<TurnGuard<()>> {
    let mark = Mark::enter(Doing::Mutation, Arc::as_ptr(&engine));
    // What cannot be compared counts as changed: the other writes have nothing to do with it.
    let is_idle = |write: &mut Write| match guarded(|| engine.changes(write)) {
        Ok(changes) => !changes,
        Err(payload) => {
            discard(payload);
            false
        }
    };
    let idle: Vec<Write> = writes.extract_if(.., is_idle).collect();
    if writes.is_empty() {
        discard(idle);
        return Some(turn);
    }
    drop(mark);
    let before = engine.clock.pin();
    let mut commit = Commit::begin(engine, writes, before, turn);
    if commit.propagate(BATCH) {
        drop(commit.publish());
    } else {
        drop(Rest(Some(commit)));
    }
    discard(idle);
    None
}

/// Ends the value whose time `timer` measures, in a revision of its own, if it is still there.
pub(crate) async fn commit_expiry(
    engine: Arc<Engine>,
    edge: Edge,
    timer: u32,
    turn: TurnGuard<()>,
) {
    let before = engine.clock.pin();
    let Some(readers) = engine.expire(edge, timer, before.revision.next()) else {
        return;
    };
    let commit = Commit::new(engine, before, Vec::new(), vec![(edge, readers)], turn);
    Rest(Some(commit)).finish().await;
}

/// The rest of a commit, in the hands of its mutation. Dropped there, it goes on in a task.
struct Rest(Option<Commit>);

impl Rest {
    fn propagate(&mut self) -> bool {
        self.0.as_mut().is_none_or(|commit| commit.propagate(BATCH))
    }

    async fn finish(mut self) -> Arc<Pinned> {
        while !self.propagate() {
            yield_now().await;
        }
        let commit = self.0.take();
        commit.expect("a commit is published once").publish()
    }
}

impl Drop for Rest {
    fn drop(&mut self) {
        let Some(mut commit) = self.0.take() else {
            return;
        };
        if planted("dropped-commit-lost") {
            return;
        }
        let engine = commit.engine.clone();
        engine.tasks.finish(async move {
            while !commit.propagate(BATCH) {
                yield_now().await;
            }
            commit.publish();
        });
    }
}

/// A commit that has begun to write.
struct Commit {
    engine: Arc<Engine>,
    /// The revision that is current until this one is published. While it is pinned the end of the
    /// runtime does not clear the store.
    before: Arc<Pinned>,
    revision: Revision,
    inputs: Vec<u32>,
    /// Reverse edges still to follow, and the node whose they were.
    work: Vec<(Edge, Readers)>,
    /// Watches that were told, to be woken when the revision is there.
    watched: Vec<u32>,
    turn: TurnGuard<()>,
}

impl Commit {
    fn begin(
        engine: Arc<Engine>,
        writes: Vec<Write>,
        before: Arc<Pinned>,
        turn: TurnGuard<()>,
    ) -> Self {
        let revision = before.revision.next();
        let inputs: Vec<u32> = writes.iter().map(|write| write.edge.slot).collect();
        let mut work = Vec::new();
        for write in writes {
            // Most often nobody reads it.
            work.extend(engine.write(write, revision));
        }
        engine.inputs_changed(&inputs, revision);
        Commit::new(engine, before, inputs, work, turn)
    }

    fn new(
        engine: Arc<Engine>,
        before: Arc<Pinned>,
        inputs: Vec<u32>,
        work: Vec<(Edge, Readers)>,
        turn: TurnGuard<()>,
    ) -> Self {
        Commit {
            engine,
            revision: before.revision.next(),
            before,
            inputs,
            work,
            watched: Vec::new(),
            turn,
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
                    match self.engine.tell(reader, changed, self.revision) {
                        Onward::Nobody => {}
                        Onward::Readers(readers) => self.work.push(readers),
                        Onward::Watch => self.watched.push(reader.reader),
                    }
                }
            }
        }
        self.work.is_empty()
    }

    /// The planted bug of a commit that is seen before everybody affected was told.
    fn publish_early(&self) {
        self.engine
            .clock
            .publish(self.revision, Arc::downgrade(&self.engine));
    }

    /// Makes the revision the current one, and drops the pairs nobody can see any more.
    fn publish(self) -> Arc<Pinned> {
        if planted("watch-woken-before-publish") {
            self.engine.sleepers.wake(&self.watched);
        }
        let pin = self
            .engine
            .clock
            .publish(self.revision, Arc::downgrade(&self.engine));
        self.engine.keeper.begin(self.revision);
        self.engine.committed(self.revision, self.inputs.len());
        // What follows is foreign code, which may want the turn.
        drop(self.turn);
        let before = self.before.revision;
        drop(self.before);
        if !planted("commit-prunes-nothing") {
            self.engine.prune(&self.inputs, before);
        }
        self.engine.sleepers.wake(&self.watched);
        pin
    }
}

/// Whom to tell after a reader was told.
enum Onward {
    Nobody,
    /// The reader's own readers, since it was clean.
    Readers((Edge, Readers)),
    /// The reader is a watch.
    Watch,
}

impl Engine {
    /// Takes out the writes that change nothing. Compares users' values: a mutation in there
    /// would wait for the one whose commit this is, so it is refused.
    fn take_idle(&self, writes: &mut Vec<Write>) -> Vec<Write> {
        let _mark = Mark::enter(Doing::Mutation, std::ptr::from_ref(self));
        writes
            .extract_if(.., |write| !self.changes(write))
            .collect()
    }

    /// Whether a write differs from what is there. User code.
    fn changes(&self, write: &Write) -> bool {
        let memo = self.store.node(write.edge.slot).look();
        let memo = memo.as_ref().expect("an input that is written has a memo");
        let old = memo
            .value()
            .expect("an input has a value from its making on");
        planted("no-op-commits") || !(memo.bound.kind().same)(old, &write.value)
    }

    /// Puts a new pair at its input. Gives the readers of the old one, who have to be told.
    fn write(&self, write: Write, revision: Revision) -> Option<(Edge, Readers)> {
        let Write { edge, value } = write;
        let node = self.store.node(edge.slot);
        let mut state = node.state.lock();
        let old = state.memo().expect("an input that is written has a memo");
        let new = Memo::input(old.bound.clone(), value, revision);
        old.set_dirty_at(revision);
        let old = node.put(&mut state, Counted::new(new));
        state.keep_older(old.expect("what stood in the node stands in its pointer too"));
        let readers = state.readers.drain();
        (!readers.is_empty()).then_some((edge, readers))
    }

    /// Tells one reader that the node of `changed` changes at `revision`.
    fn tell(&self, reader: ReverseEdge, changed: Edge, revision: Revision) -> Onward {
        let node = self.store.node(reader.reader);
        let mut state = node.state.lock();
        let told = state.beside_memo(|state, memo| {
            let told = tell(state, memo, reader.number, changed, revision);
            let is_watch = matches!(memo.bound.kind().work, Work::Watch);
            (told, memo.edge(reader.reader), is_watch)
        });
        drop(state);
        let Some((told, edge, is_watch)) = told else {
            return Onward::Nobody;
        };
        for claim in &told.heard {
            wake(claim.waiters());
        }
        match told.onward {
            _ if is_watch && told.news => Onward::Watch,
            onward if onward.is_empty() => Onward::Nobody,
            onward => Onward::Readers((edge, onward)),
        }
    }

    /// Drops the pairs of inputs that were in force at `revision`, if no pin can see them any
    /// more. A pair that is kept is looked at again when the newest pin that sees it goes.
    pub(crate) fn prune(self: &Arc<Self>, inputs: &[u32], revision: Revision) {
        for &slot in inputs {
            let mut state = self.store.node(slot).state.lock();
            let Some(pair) = state.older_at(revision) else {
                continue;
            };
            let pins = self.clock.covered(pair.interval());
            let unseen = pins.is_empty() || planted("prune-ignores-pins");
            let waste = unseen.then(|| state.take_older(revision));
            drop(state);
            if let Some(newest) = pins.last() {
                newest.prune_later(slot);
            }
            // Not under the lock: a value's drop is user code, and a pin's looks at inputs.
            discard(waste);
            drop(pins);
            if unseen {
                self.forget_if_orphan(slot);
            }
        }
    }
}
