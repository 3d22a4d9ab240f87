//! What of sweeping takes the writers' turn: resetting the state of nodes that were dropped.
//!
//! To reset state is a change that readers of an input can see, so it is a commit: those at older revisions go on to see what
//! they saw. It is made if the parent's memo is right at the newest revision, for that says that the node is not part of it;
//! and with the writers' turn, so that this stays so. Who has the turn now finds no work in progress changed; the next one
//! finds all done that was put off till then.
//!
//! As a commit does, it lets other tasks run after each batch. Until its commit has begun it can be given up at any such
//! point, and then it is put off again.

use futures_util::FutureExt;

use crate::bug::planted;
use crate::node::bound::Bound;
use crate::node::edge::Edge;
use crate::revision::Revision;
use crate::runtime::anonymous::sweep::{Sweep, batch};
use crate::runtime::commit::{Write, commit_now};
use crate::runtime::engine::{Engine, EngineArc};
use crate::runtime::guard::{discard, guarded};
use crate::runtime::pin::WritersTurn;
use crate::runtime::poll::{Doing, Mark};
use crate::scope::CallId;
use crate::sync::{AtomicBool, AtomicU32, HashSet, Mutex, Ordering, yield_now};
use crate::value::Value;

/// What waits for the writers' turn.
#[derive(Default)]
pub(crate) struct Later {
    /// Leaf lock.
    work: Mutex<Vec<Work>>,
    /// Whether there is any, for a look without the lock.
    pub(super) any: AtomicBool,
    /// How many wait for the turn in the queue.
    pub(super) queued: AtomicU32,
}

pub(super) enum Work {
    Sweep(Sweep),
    Bury(Buried),
    /// An input that has its initial value again.
    Forget(Edge),
}

/// The members that a run has left out.
pub(super) struct Buried {
    pub(super) top: Edge,
    /// They, and those below them.
    pub(super) ids: Vec<CallId>,
    /// The revision of a run that has stored no value: what it says holds there. Else the memo says.
    pub(super) unstored_at: Option<Revision>,
}

impl Buried {
    /// Left out by the run whose memo stands at `top`, or by those it has called.
    pub(super) fn by(top: Edge, ids: Vec<CallId>) -> Self {
        Buried {
            top,
            ids,
            unstored_at: None,
        }
    }

    /// Left out by a run that has stored no value.
    pub(super) fn unstored(top: Edge, ids: Vec<CallId>, at: Revision) -> Self {
        Buried {
            unstored_at: Some(at),
            ..Buried::by(top, ids)
        }
    }
}

impl Later {
    pub(super) fn take(&self) -> Vec<Work> {
        let mut waiting = self.work.lock();
        self.any.store(false, Ordering::Release);
        std::mem::take(&mut *waiting)
    }
}

/// Work that somebody does who has the turn. What is not done when this is dropped is put off again.
struct Undone {
    engine: EngineArc,
    work: Vec<Work>,
}

impl Drop for Undone {
    fn drop(&mut self) {
        let work = std::mem::take(&mut self.work);
        self.engine.put_off_all(work);
    }
}

impl EngineArc {
    /// Does something that takes the writers' turn, now if nobody has it and it is not much.
    pub(super) fn with_turn(&self, work: Work) {
        let is_much = matches!(&work, Work::Bury(lost) if lost.ids.len() > batch());
        match self.turn.clone().try_lock_owned() {
            // If it is more than one batch after all, it stops after the first and puts itself off.
            Ok(turn) if !is_much => drop(self.work_off(vec![work], turn).now_or_never()),
            _ => self.put_off(work),
        }
    }

    pub(super) fn put_off(&self, work: Work) {
        self.put_off_all(vec![work]);
    }

    fn put_off_all(&self, work: Vec<Work>) {
        if work.is_empty() {
            return;
        }
        let mut waiting = self.later.work.lock();
        let is_first = waiting.is_empty();
        let mut outdated = Vec::new();
        for each in work {
            // Each run that stores nothing finds anew what the one before has found.
            let is_same = |other: &Work| other.unstored_top() == each.unstored_top();
            let before = each
                .unstored_top()
                .and_then(|_| waiting.iter().position(is_same));
            match before {
                Some(place) => outdated.push(std::mem::replace(&mut waiting[place], each)),
                None => waiting.push(each),
            }
        }
        self.later.any.store(true, Ordering::Release);
        drop(waiting);
        discard(outdated);
        if is_first {
            // If nobody wants the turn before.
            let engine = self.clone();
            self.tasks
                .spawn(async move { drop(engine.take_turn().await) });
        }
    }

    pub(super) async fn work_off(&self, work: Vec<Work>, turn: WritersTurn) {
        let engine = self.clone();
        let mut undone = Undone { engine, work };
        while !undone.sweep() {
            yield_now().await;
        }
        let (inputs, writes) = undone.reset().await;
        // From here on it is done, but for what nobody has to wait for.
        let forget = inputs.into_iter().map(Work::Forget);
        let buried = std::mem::replace(&mut undone.work, forget.collect());
        let (forget, buried): (Vec<Work>, Vec<Work>) =
            buried.into_iter().partition(Work::is_forget);
        undone.work.extend(forget);
        let turn = commit_now(self.clone(), writes, turn);
        if let Some(turn) = turn.or_else(|| self.turn.clone().try_lock_owned().ok()) {
            while !undone.forget(&turn) {
                yield_now().await;
            }
        }
        // After the turn: with these ids may go the last of a slot, whose `Drop` may want it.
        discard(buried);
    }
}

impl Work {
    fn is_forget(&self) -> bool {
        matches!(self, Work::Forget(_))
    }

    /// Who has left members out in a run that has stored no value.
    fn unstored_top(&self) -> Option<Edge> {
        match self {
            Work::Bury(buried) => buried.unstored_at.map(|_| buried.top),
            _ => None,
        }
    }
}

impl Undone {
    /// A part of the sweeps. True when all are done.
    fn sweep(&mut self) -> bool {
        let engine = &self.engine;
        // What goes is dropped meanwhile, and a mutation in there would wait for this.
        let _mark = Mark::enter(Doing::Mutation, EngineArc::as_ptr(engine));
        let sweep = self
            .work
            .iter_mut()
            .zip(0..)
            .find_map(|(work, nth)| match work {
                Work::Sweep(sweep) => Some((sweep, nth)),
                _ => None,
            });
        let Some((sweep, nth)) = sweep else {
            return true;
        };
        if sweep.go_on(engine, batch()) {
            self.work.swap_remove(nth);
        }
        false
    }

    /// Declares nodes dropped that are not part of the newest revision. Gives the inputs that are hosted on their ids, each
    /// once, and what gives those their initial values again.
    async fn reset(&self) -> (Vec<Edge>, Vec<Write>) {
        let engine = &self.engine;
        let lost = self.work.iter().filter_map(|work| match work {
            Work::Bury(lost) => Some(lost),
            _ => None,
        });
        let mut known: HashSet<Edge> = HashSet::default();
        let mut inputs = Vec::new();
        for lost in lost {
            let lost = engine.settled(lost).await;
            for ids in lost.chunks(batch()) {
                let hosted = ids.iter().filter_map(|id| engine.families.bury(id));
                inputs.extend(hosted.flatten().filter(|input| known.insert(*input)));
                pause(ids.len()).await;
            }
        }
        let mut writes = Vec::new();
        for inputs in inputs.chunks(batch()) {
            let mark = Mark::enter(Doing::Mutation, EngineArc::as_ptr(engine));
            let reset = inputs.iter().filter_map(|input| engine.reset(*input));
            writes.extend(reset.filter(|_| !planted("state-survives")));
            drop(mark);
            pause(inputs.len()).await;
        }
        (inputs, writes)
    }

    /// Forgets a batch of inputs. True when there is none left.
    fn forget(&mut self, turn: &WritersTurn) -> bool {
        for _ in 0..batch() {
            let Some(work) = self.work.pop() else {
                break;
            };
            if let Work::Forget(input) = work {
                self.engine.forget(input, turn);
            }
        }
        // Of the ids that went with all this some may be known no more.
        self.engine.families.tidy(batch().saturating_mul(2));
        self.work.is_empty()
    }
}

/// Lets other tasks run after a full batch.
pub(super) async fn pause(done: usize) {
    if done == batch() {
        yield_now().await;
    }
}

impl Engine {
    /// What gives an input its initial value again. Calls `initial`.
    fn reset(&self, input: Edge) -> Option<Write> {
        let Some(memo) = self.store.memo(input) else {
            self.families.left(input);
            return None;
        };
        // Nobody can have found it, and it has its initial value.
        if memo.is_entering() {
            return None;
        }
        let value = match guarded(|| initial(&memo.bound)) {
            Ok(value) => value?,
            Err(payload) => {
                // One that has none keeps its value, and the others lose theirs.
                discard(payload);
                return None;
            }
        };
        Some(Write {
            edge: input,
            value,
            before: memo,
        })
    }
}

impl EngineArc {
    /// Gives an input up that belongs to no node, has its initial value, and that nobody reads. For who has the turn.
    fn forget(&self, input: Edge, _turn: &WritersTurn) {
        let _mark = Mark::enter(Doing::Mutation, EngineArc::as_ptr(self));
        let memo = self.store.memo(input);
        let Some(memo) = memo.filter(|_| self.families.is_orphan(input)) else {
            return;
        };
        let is_initial = guarded(|| {
            let initial = initial(&memo.bound);
            let both = initial.as_ref().zip(memo.value());
            both.is_some_and(|(initial, value)| (memo.bound.kind().same)(initial, value))
        });
        if let Ok(true) = is_initial {
            self.drop_unread(input, &memo);
        }
        discard((is_initial, memo));
    }

    /// An input has lost the last value that only a pin could see.
    pub(crate) fn forget_if_orphan(&self, slot: u32) {
        if !self.families.are_there() {
            return;
        }
        let memo = self.store.node(slot).look();
        let known = memo
            .as_ref()
            .filter(|memo| memo.bound.kind().local.is_related());
        let input = known.map(|memo| memo.edge(slot));
        drop(memo);
        if let Some(input) = input.filter(|input| self.families.is_orphan(*input)) {
            match self.turn.clone().try_lock_owned() {
                Ok(turn) => self.forget(input, &turn),
                Err(_) => self.put_off(Work::Forget(input)),
            }
        }
    }
}

/// The initial value of an input. User code.
fn initial(bound: &Bound) -> Option<Value> {
    bound
        .kind()
        .local
        .initial
        .map(|initial| initial(bound.key()))
}
