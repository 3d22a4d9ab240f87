//! Sweeping: what goes when a parent has run without it.
//!
//! Nodes first. A node that its parent's run did not call is read by nobody any more, so it is given up as an unused one
//! would be, and so are those that were called in its body. That changes no value at any revision: who still reads an old
//! one has it, or makes the node again.
//!
//! Inputs then. To reset the state of a node is a change that readers of an input can see, so it is a commit: those at older
//! revisions go on to see what they saw. It is made if the parent's memo is right at the newest revision, for that says
//! that the node is not part of it; and with the writers' turn, so that this stays so. Who has the turn now finds no work
//! in progress changed; the next one finds all done that was put off till then.

use crate::bug::planted;
use crate::node::bound::Bound;
use crate::node::edge::Edge;
use crate::node::memo::{Memo, Seen, Standing};
use crate::runtime::anonymous::node::id_of;
use crate::runtime::commit::{Write, commit_now};
use crate::runtime::engine::Engine;
use crate::runtime::guard::{discard, guarded};
use crate::runtime::poll::{Doing, Mark};
use crate::runtime::update::Lead;
use crate::scope::CallId;
use crate::sync::{Arc, AtomicBool, HashSet, Mutex, Ordering, TurnGuard};
use crate::value::Value;

/// What waits for the writers' turn.
#[derive(Default)]
pub(crate) struct Later {
    /// Leaf lock.
    work: Mutex<Vec<Work>>,
    /// Whether there is any, for a look without the lock.
    any: AtomicBool,
}

enum Work {
    Bury(Lost),
    /// An input that has its initial value again.
    Forget(Edge),
}

/// The members that a parent's run has left out.
struct Lost {
    parent: Edge,
    /// They, and those below them.
    ids: Vec<CallId>,
}

impl Lead {
    /// The body has ended well: what it called before and did not call now goes.
    // Not inlined: its part of the stack would stand under every nested update.
    #[inline(never)]
    pub(crate) fn sweep(&self, seen: &Seen) {
        let bound = &self.claim().bound;
        // What stands at no node has called what is not read through it, and is to be called again.
        let is_published = seen.standing == Standing::Published;
        let counts = is_published || self.is_outdated();
        if bound.kind.local.is_related() && counts && !planted("lost-kept") {
            self.asker().engine.sweep(self.edge, bound);
        }
    }

    /// The run has come to nothing. What it called is wanted by the next one; but where a newer run has been, that has left
    /// it out.
    pub(crate) fn sweep_if_outdated(&self) {
        let bound = &self.claim().bound;
        if bound.kind.local.is_related() && self.is_outdated() && !planted("abandoned-kept") {
            self.asker().engine.sweep(self.edge, bound);
        }
    }

    /// The memo was found right without a run: what could not be dropped after the last one may be now.
    pub(crate) fn sweep_again(&self) {
        let bound = &self.claim().bound;
        self.asker().engine.sweep_again(self.edge, bound);
    }

    /// Whether the node has a memo of a newer revision.
    fn is_outdated(&self) -> bool {
        let memo = self.node().look();
        let newer = |memo: &Arc<Memo>| memo.interval().valid_from > self.revision();
        memo.as_ref()
            .is_some_and(|memo| memo.finding().is_some() && newer(memo))
    }
}

impl Engine {
    pub(crate) fn sweep_again(self: &Arc<Self>, parent: Edge, bound: &Arc<Bound>) {
        if !bound.kind.local.is_related() {
            return;
        }
        let memo = self.store.memo(parent);
        let read = memo.iter().flat_map(|memo| memo.reads());
        let unsettled = self.families.unsettled(read.chain([parent]));
        discard(memo);
        if !unsettled.is_empty() {
            self.sweep(parent, bound);
        }
    }

    fn sweep(self: &Arc<Self>, parent: Edge, bound: &Arc<Bound>) {
        if self.tasks.is_closed() {
            return;
        }
        let mut parents = vec![(parent, bound.clone())];
        while let Some((parent, bound)) = parents.pop() {
            // Slots and keys are user code. Who panics there leaves nodes behind until the next time.
            discard(guarded(|| self.sweep_one(parent, &bound)));
            discard(bound);
            // Who reads them is known now, which says that they are of this revision.
            let memo = self.store.memo(parent);
            let read = memo.iter().flat_map(|memo| memo.reads());
            let unsettled = self.families.unsettled(read.filter(|node| *node != parent));
            parents.extend(unsettled.into_iter().filter_map(|node| {
                let memo = self.store.memo(node)?;
                Some((node, memo.bound.clone()))
            }));
            discard(memo);
        }
    }

    fn sweep_one(self: &Arc<Self>, parent: Edge, bound: &Arc<Bound>) {
        let mut lost = self.give_up_lost(parent, bound);
        lost.ids.extend(self.families.take_unsettled(parent));
        if !lost.ids.is_empty() {
            self.with_turn(Work::Bury(lost));
        }
    }

    /// Gives up the nodes of a family that its parent does not read, and whatever was called in their bodies.
    fn give_up_lost(&self, parent: Edge, bound: &Arc<Bound>) -> Lost {
        let first = match id_of(bound) {
            Some(id) => (id.clone(), self.families.nodes_of(id)),
            None => (CallId::query(bound.clone()), vec![parent]),
        };
        let ids = self.give_up_below(first, parent);
        Lost { parent, ids }
    }

    /// The same from any id on, with the nodes that have it. Gives the ids of what is lost.
    fn give_up_below(&self, first: (CallId, Vec<Edge>), parent: Edge) -> Vec<CallId> {
        let mut parents = vec![first];
        let mut ids = Vec::new();
        while let Some((id, nodes)) = parents.pop() {
            let read = nodes.iter().filter_map(|node| self.store.memo(*node));
            let reached: HashSet<Edge> =
                read.flat_map(|memo| Vec::from_iter(memo.reads())).collect();
            for lost in self.families.lost(&id, &reached) {
                let mut is_smaller = lost.nodes.is_empty();
                for node in lost.nodes {
                    is_smaller |= self.give_up_or_wait(node, parent);
                }
                if is_smaller {
                    parents.push((lost.id.clone(), self.families.nodes_of(&lost.id)));
                }
                ids.push(lost.id);
            }
        }
        ids
    }

    /// Gives a node up, now or when nobody is at work with it any more. True if it is gone.
    fn give_up_or_wait(&self, node: Edge, parent: Edge) -> bool {
        loop {
            // First the note: who ends its work after a look finds it.
            self.families.note_busy(node, parent);
            let was_busy = self.is_busy(node);
            let is_gone = self.give_up_node(node);
            if !is_gone && self.is_busy(node) {
                return false;
            }
            self.families.take_busy(node);
            if is_gone || !was_busy {
                return is_gone;
            }
            // Its work has ended between two looks, and so perhaps without finding the note.
        }
    }

    fn is_busy(&self, node: Edge) -> bool {
        let state = self.store.node(node.slot).state.lock();
        state.is(node) && state.records().next().is_some()
    }

    /// Nobody is at work with an anonymous node any more who was: if it was to go, it goes now.
    pub(crate) fn work_ended(self: &Arc<Self>, node: Edge, bound: &Bound) {
        let Some(id) = id_of(bound) else { return };
        if self.tasks.is_closed() || planted("busy-stays") {
            return;
        }
        let Some(parent) = self.families.take_busy(node) else {
            return;
        };
        discard(guarded(|| {
            if self.give_up_or_wait(node, parent) {
                let nodes = self.families.nodes_of(id);
                let mut ids = self.give_up_below((id.clone(), nodes), parent);
                ids.push(id.clone());
                self.with_turn(Work::Bury(Lost { parent, ids }));
            }
        }));
    }

    /// True if the node is gone.
    fn give_up_node(&self, node: Edge) -> bool {
        let Some(memo) = self.store.memo(node) else {
            self.families.left(node);
            return true;
        };
        let is_gone = self.drop_unread(node, &memo);
        discard(memo);
        is_gone
    }

    /// Does something that takes the writers' turn, now if nobody has it.
    fn with_turn(self: &Arc<Self>, work: Work) {
        match self.turn.clone().try_lock_owned() {
            Ok(turn) => self.work_off(vec![work], turn),
            Err(_) => self.put_off(work),
        }
    }

    fn put_off(self: &Arc<Self>, work: Work) {
        let mut waiting = self.later.work.lock();
        waiting.push(work);
        let is_first = waiting.len() == 1;
        self.later.any.store(true, Ordering::Release);
        drop(waiting);
        if is_first {
            // If nobody wants the turn before.
            let engine = self.clone();
            self.tasks
                .spawn(async move { drop(engine.take_turn().await) });
        }
    }

    /// The writers' turn, with nothing left that waits for it.
    pub(crate) async fn take_turn(self: &Arc<Self>) -> TurnGuard<()> {
        // Who has done what waited for the turn has to wait for it once more, and is still the first.
        let _first = self.queue.clone().lock_owned().await;
        loop {
            let turn = self.turn.clone().lock_owned().await;
            if !self.later.any.load(Ordering::Acquire) {
                return turn;
            }
            let mut waiting = self.later.work.lock();
            let work = std::mem::take(&mut *waiting);
            self.later.any.store(false, Ordering::Release);
            drop(waiting);
            discard(guarded(|| self.work_off(work, turn)));
        }
    }

    fn work_off(self: &Arc<Self>, work: Vec<Work>, turn: TurnGuard<()>) {
        let mut inputs = Vec::new();
        for each in work {
            match each {
                Work::Bury(lost) => inputs.extend(self.bury(lost)),
                Work::Forget(input) => self.forget(input, &turn),
            }
        }
        if inputs.is_empty() {
            return;
        }
        // What was lost may be said more than once, and a commit writes an input once.
        let mut known: HashSet<Edge> = HashSet::default();
        inputs.retain(|input| known.insert(*input));
        // A mutation in there would wait for this one.
        let mark = Mark::enter(Doing::Mutation, Arc::as_ptr(self));
        let reset = inputs.iter().filter_map(|input| self.reset(*input));
        let writes: Vec<Write> = reset.filter(|_| !planted("state-survives")).collect();
        drop(mark);
        let turn = commit_now(self.clone(), writes, turn);
        match turn.or_else(|| self.turn.clone().try_lock_owned().ok()) {
            Some(turn) => inputs.iter().for_each(|input| self.forget(*input, &turn)),
            None => inputs
                .into_iter()
                .for_each(|input| self.put_off(Work::Forget(input))),
        }
    }

    /// Declares nodes dropped that are not part of the newest revision, and gives the inputs that are hosted on their ids.
    /// For who has the turn, which keeps that revision the newest.
    fn bury(&self, lost: Lost) -> Vec<Edge> {
        if !self.is_newest(lost.parent) {
            // A parent that is gone itself will never be looked at again.
            if let Some(memo) = self.store.memo(lost.parent) {
                self.families.unsettle(lost.parent, lost.ids);
                discard(memo);
            }
            return Vec::new();
        }
        let inputs = lost.ids.iter().filter_map(|id| self.families.bury(id));
        inputs.flatten().collect()
    }

    /// Whether a node is right at the newest revision, and part of it: an anonymous one may be one of several with its id, each
    /// for another input, and the one is meant that its own parent reads.
    fn is_newest(&self, node: Edge) -> bool {
        let memo = self.store.memo(node);
        memo.is_some_and(|memo| {
            let has_parent = id_of(&memo.bound).is_some_and(|id| id.parent().is_some());
            planted("buried-by-the-past")
                || memo.covers(self.clock.revision()) && (!has_parent || !self.is_unread(node))
        })
    }

    /// What gives an input its initial value again. Calls `initial`.
    fn reset(&self, input: Edge) -> Option<Write> {
        let Some(memo) = self.store.memo(input) else {
            self.families.left(input);
            return None;
        };
        let value = match guarded(|| initial(&memo.bound)) {
            Ok(value) => value?,
            Err(payload) => {
                // One that has none keeps its value, and the others lose theirs.
                discard(payload);
                return None;
            }
        };
        let edge = input;
        Some(Write { edge, value })
    }

    /// Gives an input up that belongs to no node, has its initial value, and that nobody reads. For who has the turn.
    fn forget(self: &Arc<Self>, input: Edge, _turn: &TurnGuard<()>) {
        let _mark = Mark::enter(Doing::Mutation, Arc::as_ptr(self));
        let memo = self.store.memo(input);
        let Some(memo) = memo.filter(|_| self.families.is_orphan(input)) else {
            return;
        };
        let is_initial = guarded(|| {
            let initial = initial(&memo.bound);
            let both = initial.as_ref().zip(memo.value());
            both.is_some_and(|(initial, value)| (memo.bound.kind.same)(initial, value))
        });
        if let Ok(true) = is_initial {
            self.drop_unread(input, &memo);
        }
        discard((is_initial, memo));
    }

    /// An input has lost the last value that only a pin could see.
    pub(crate) fn forget_if_orphan(self: &Arc<Self>, slot: u32) {
        let memo = self.store.node(slot).look();
        let known = memo
            .as_ref()
            .filter(|memo| memo.bound.kind.local.is_related());
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
    bound.kind.local.initial.map(|initial| initial(&bound.key))
}
