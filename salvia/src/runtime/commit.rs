//! Commits: the atomic end of a mutation.
//!
//! First all user code runs (which of the writes change anything), then the pairs of the new
//! revision go in, then propagation tells everybody affected, and last the revision is published.
//! Until then no reader is disturbed: they read at older revisions. From the first write on the
//! commit cannot be lost: if its mutation is dropped it moves into a task of the engine, with the
//! writers' turn in its hand, and the end of the runtime waits for it.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use crate::bug::planted;
use crate::node::bound;
use crate::node::edge::{Edge, ReverseEdge};
use crate::node::few::Few;
use crate::node::memo::Memo;
use crate::node::readers::Readers;
use crate::node::tell::{tell, tell_via};
use crate::revision::Revision;
use crate::runtime::engine::{Engine, EngineArc};
use crate::runtime::guard::{discard, guarded, wake};
use crate::runtime::pin::{Pinned, WritersTurn, Writing};
use crate::runtime::poll::{Doing, Mark, Outermost};
use crate::runtime::work::Work;
use crate::sync::{Arc, Counted, MODELLED, yield_now};
use crate::value::Value;

/// So many nodes are told before a commit lets other tasks run.
const BATCH: usize = if MODELLED { 1 } else { 4_096 };

/// A commit that writes or tells more than so many is a long one.
const FEW: usize = 8;

/// A new value of an input.
pub(crate) struct Write {
    pub(crate) edge: Edge,
    pub(crate) value: Value,
    /// What is there: while somebody has the turn nobody else replaces it.
    pub(crate) before: Counted<Memo>,
}

/// A commit whose mutation waits for it. It is `Ok` if it is over; one that has many to tell goes on, and is in a box, since it is a
/// part of all that mutates, and seldom wanted.
pub(crate) type Committing = Result<Option<Arc<Pinned>>, BoxFuture<'static, Option<Arc<Pinned>>>>;

/// Applies writes to what is there at the current revision. If it is to be `pinned`, gives a pin of the revision in which they
/// are in force: a new one, or the current one if nothing changes.
pub(crate) fn commit(
    engine: EngineArc,
    mut writes: Vec<Write>,
    writing: Writing,
    pinned: bool,
) -> Committing {
    let idle = engine.take_idle(&mut writes);
    if writes.is_empty() {
        // While no other commit can come between.
        let pin = pinned.then(|| engine.clock.pin());
        // Users' values go after the turn: their `Drop` may want it.
        drop(writing);
        discard(idle);
        return Ok(pin);
    }
    let mut commit = Commit::begin(engine, writes, writing);
    if planted("publish-before-propagation") {
        commit.publish_early();
    }
    let batch = if planted("commit-never-yields") {
        usize::MAX
    } else {
        BATCH
    };
    let waits = planted("commit-waits-for-readers");
    if !waits && commit.propagate(batch) {
        let pin = commit.publish(pinned);
        discard(idle);
        return Ok(pin);
    }
    let rest = Rest(Some(commit));
    let rest = async move {
        while waits && rest.is_read() {
            yield_now().await;
        }
        let pin = rest.finish(pinned).await;
        discard(idle);
        pin
    };
    Err(rest.boxed())
}

/// Applies writes here and now; if there are many to tell of them it goes on in a task. Gives the turn back if nothing
/// changes.
pub(crate) fn commit_now(
    engine: EngineArc,
    mut writes: Vec<Write>,
    turn: WritersTurn,
) -> Option<WritersTurn> {
    let writing = Writing::begin(turn);
    let mark = Mark::enter(Doing::Mutation, EngineArc::as_ptr(&engine));
    // What cannot be compared counts as changed: the other writes have nothing to do with it.
    let is_idle = |write: &mut Write| match guarded(|| Engine::changes(write)) {
        Ok(changes) => !changes,
        Err(payload) => {
            discard(payload);
            false
        }
    };
    let idle: Vec<Write> = writes.extract_if(.., is_idle).collect();
    if writes.is_empty() {
        discard(idle);
        return writing.into_turn();
    }
    drop(mark);
    let mut commit = Commit::begin(engine, writes, writing);
    if commit.propagate(BATCH) {
        commit.publish(false);
    } else {
        drop(Rest(Some(commit)));
    }
    discard(idle);
    None
}

/// Ends the value whose time `timer` measures, in a revision of its own, if it is still there.
pub(crate) async fn commit_expiry(engine: EngineArc, edge: Edge, timer: u32, turn: WritersTurn) {
    let writing = Writing::begin(turn);
    let revision = engine.clock.newest().next();
    let Some(readers) = engine.expire(edge, timer, revision) else {
        return;
    };
    let mut work = Work::default();
    work.push((edge, readers));
    let commit = Commit {
        engine,
        revision,
        inputs: Few::default(),
        work,
        watched: Vec::new(),
        writing,
    };
    Rest(Some(commit)).finish(false).await;
}

/// The rest of a commit, in the hands of its mutation. Dropped there, it goes on in a task.
struct Rest(Option<Commit>);

impl Rest {
    fn propagate(&mut self) -> bool {
        self.0.as_mut().is_none_or(|commit| commit.propagate(BATCH))
    }

    /// Whether somebody reads the current revision, which is pinned once by the clock and once here.
    fn is_read(&self) -> bool {
        let commit = self.0.as_ref();
        commit.is_some_and(|commit| Arc::strong_count(&commit.engine.clock.pin()) > 2)
    }

    async fn finish(mut self, pinned: bool) -> Option<Arc<Pinned>> {
        while !self.propagate() {
            yield_now().await;
        }
        let commit = self.0.take();
        commit.expect("a commit is published once").publish(pinned)
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
            commit.publish(false);
        });
    }
}

/// A commit that has begun to write.
struct Commit {
    engine: EngineArc,
    /// The next one: nobody else publishes any meanwhile.
    revision: Revision,
    inputs: Few<u32>,
    work: Work,
    /// Watches that were told, to be woken when the revision is there.
    watched: Vec<u32>,
    writing: Writing,
}

impl Commit {
    fn begin(engine: EngineArc, writes: Vec<Write>, writing: Writing) -> Self {
        let revision = engine.clock.newest().next();
        let mut inputs = Few::with_room(writes.len());
        let mut work = Work::default();
        for write in writes {
            inputs.push(write.edge.slot);
            if let Some(readers) = engine.write(write, revision) {
                work.push(readers);
            }
        }
        engine.inputs_changed(inputs.as_slice(), revision);
        Commit {
            engine,
            revision,
            inputs,
            work,
            watched: Vec::new(),
            writing,
        }
    }

    /// Tells up to about `batch` readers. True when there is nobody left to tell.
    fn propagate(&mut self, batch: usize) -> bool {
        for told in 0..batch {
            let Some((reader, changed)) = self.work.pop() else {
                return true;
            };
            if told == FEW {
                Outermost::was_long();
            }
            match self.engine.tell(reader, changed, self.revision) {
                Onward::Nobody => {}
                Onward::Readers(readers) => self.work.push(readers),
                Onward::Watch => self.watched.push(reader.reader),
            }
        }
        self.work.is_empty()
    }

    /// The planted bug of a commit that is seen before everybody affected was told.
    fn publish_early(&self) {
        drop(self.engine.clock.publish(self.revision, &self.engine));
    }

    /// Makes the revision the current one, and drops the pairs nobody can see any more. Gives its pin, if it is to be `pinned`.
    fn publish(self, pinned: bool) -> Option<Arc<Pinned>> {
        let engine = self.engine;
        if planted("watch-woken-before-publish") {
            engine.sleepers.wake(&self.watched);
        }
        let before = engine.clock.publish(self.revision, &engine);
        engine.keeper.begin(self.revision);
        engine.committed(self.revision, self.inputs.as_slice().len());
        let pin = pinned.then(|| engine.clock.pin());
        // What follows is foreign code, which may want the turn.
        drop(self.writing);
        let outdated = before.revision();
        engine.retire(before);
        if !planted("commit-prunes-nothing") {
            engine.prune(self.inputs.as_slice(), outdated);
        }
        engine.sleepers.wake(&self.watched);
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
        // Most often there is none.
        let Some(first) = writes.iter().position(|write| !Self::changes(write)) else {
            return Vec::new();
        };
        let mut idle = vec![writes.remove(first)];
        idle.extend(writes.extract_if(first.., |write| !Self::changes(write)));
        idle
    }

    /// Whether a write differs from what is there. User code.
    fn changes(write: &Write) -> bool {
        let old = write
            .before
            .value()
            .expect("an input has a value from its making on");
        planted("no-op-commits") || !(write.before.bound.kind().same)(old, &write.value)
    }

    /// Puts a new pair at its input. Gives the readers of the old one, who have to be told.
    fn write(&self, write: Write, revision: Revision) -> Option<(Edge, Readers)> {
        let Write {
            edge,
            value,
            before,
        } = write;
        let new = Counted::several(Memo::input(before.bound.clone(), value, revision));
        let node = self.store.node(edge.slot);
        let mut state = node.state.lock();
        before.set_dirty_at(revision);
        let old = node.put(&mut state, new);
        state.keep_older(old.expect("what stood in the node stands in its pointer too"));
        let readers = state.readers.drain();
        (!readers.is_empty()).then_some((edge, readers))
    }

    /// Tells one reader that the node of `changed` changes at `revision`.
    fn tell(&self, reader: ReverseEdge, changed: Edge, revision: Revision) -> Onward {
        let node = self.store.node(reader.reader);
        let mut state = node.state.lock();
        if reader.is_via() {
            return state
                .beside_memo(|state, memo| {
                    let readers = tell_via(state);
                    Onward::Readers((memo.edge(reader.reader), readers))
                })
                .unwrap_or(Onward::Nobody);
        }
        let told = state.beside_memo(|state, memo| {
            let told = tell(state, memo, reader.number, changed, revision);
            let is_watch = matches!(memo.bound.kind().work, bound::Work::Watch);
            (told, memo.edge(reader.reader), is_watch)
        });
        drop(state);
        let Some((told, edge, is_watch)) = told else {
            return Onward::Nobody;
        };
        for claim in &told.heard {
            wake(claim.waiters());
        }
        if told.unlisted {
            // What is gone is not read any more.
            let _ = self.list(changed, reader.reader);
        }
        match told.onward {
            _ if is_watch && told.news => Onward::Watch,
            onward if onward.is_empty() => Onward::Nobody,
            onward => Onward::Readers((edge, onward)),
        }
    }
}

impl EngineArc {
    /// Drops the pairs of inputs that were in force at `revision`, if no pin can see them any
    /// more. A pair that is kept is looked at again when the newest pin that sees it goes.
    pub(crate) fn prune(&self, inputs: &[u32], revision: Revision) {
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
