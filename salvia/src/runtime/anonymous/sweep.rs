//! Sweeping: what goes when a parent has run without it.
//!
//! A node that its parent's run did not call is read by nobody any more, so it is given up as an unused one
//! would be, and so are those that were called in its body. That changes no value at any revision: who still reads an old
//! one has it, or makes the node again. Then the inputs of those that are gone are reset, which takes the writers' turn
//! (`later`).
//!
//! A sweep is a work list. What is too much for one poll is put off to the writers' turn too, so that the next mutation
//! finds all of it done.

use crate::bug::planted;
use crate::node::bound::Bound;
use crate::node::edge::Edge;
use crate::node::memo::{Memo, Seen, Standing};
use crate::runtime::anonymous::family::Lost;
use crate::runtime::anonymous::later::{Buried, Work};
use crate::runtime::anonymous::node::{id_of, is_member};
use crate::runtime::anonymous::unstored::Unstored;
use crate::runtime::engine::{Engine, EngineArc};
use crate::runtime::guard::{discard, guarded};
use crate::runtime::update::Lead;
use crate::scope::CallId;
use crate::sync::{Counted, HashSet, MODELLED};

/// So many members are looked at before a sweep lets other tasks run.
const BATCH: usize = if MODELLED { 1 } else { 1_024 };

/// The same, or all at once.
pub(super) fn batch() -> usize {
    match planted("sweep-never-yields") {
        true => usize::MAX,
        false => BATCH,
    }
}

impl Lead {
    /// The body has ended well: what it called before and did not call now goes.
    // Not inlined: its part of the stack would stand under every nested update.
    #[inline(never)]
    pub(crate) fn sweep(&self, seen: &Seen, unstored: Option<Unstored>) {
        let bound = &self.claim().bound;
        if !bound.kind().local.is_related() || planted("lost-kept") {
            return;
        }
        let engine = self.asker().engine();
        // What stands at no node has called what is not read through it.
        let is_stored = seen.standing == Standing::Published || self.is_outdated();
        if is_stored && self.node().state.lock().is(self.edge) {
            return engine.sweep(self.edge, bound);
        }
        // Or the node was given up as soon as it was there.
        let unstored = match is_stored {
            true => Some(Unstored::of(seen, self.revision())),
            false => unstored,
        };
        if let Some(unstored) = unstored {
            engine.sweep_unstored(self.edge, bound, unstored);
        }
    }

    /// The run has come to nothing. What it called is wanted by the next one; but where a newer run has been, that has left
    /// it out.
    pub(crate) fn sweep_if_outdated(&self) {
        let bound = &self.claim().bound;
        if bound.kind().local.is_related() && self.is_outdated() && !planted("abandoned-kept") {
            self.asker().engine().sweep(self.edge, bound);
        }
    }

    /// The memo was found right without a run: what could not be dropped after the last one may be now.
    pub(crate) fn sweep_again(&self) {
        let bound = &self.claim().bound;
        self.asker().engine().sweep_again(self.edge, bound);
    }

    /// Whether the node has a memo of a newer revision.
    fn is_outdated(&self) -> bool {
        let memo = self.node().look();
        let newer = |memo: &Counted<Memo>| memo.interval().valid_from > self.revision();
        memo.as_ref()
            .is_some_and(|memo| memo.finding().is_some() && newer(memo))
    }
}

/// A sweep on its way.
pub(crate) struct Sweep {
    /// The node whose run or check has begun it. The others are right if it is.
    top: Edge,
    /// Parents whose families are still to be looked at.
    parents: Vec<(Edge, Bound)>,
    /// The losses of the one that is being looked at.
    losses: Option<Losses>,
}

/// What one parent has left out, while it is being given up.
pub(super) struct Losses {
    pub(super) parent: Edge,
    /// Ids in whose families is still to be looked, with the nodes that have them.
    pub(super) below: Vec<(CallId, Vec<Edge>)>,
    /// Members that are still to be given up.
    pub(super) lost: Vec<Lost>,
    /// Something was called that has been collected since, and nobody knows which of the members that was: none of them is
    /// declared dropped before their parent runs again, as it will since what it read is gone. What goes until they are is found
    /// by `settled`.
    pub(super) is_unsure: bool,
    /// The ids of those that were.
    pub(super) ids: Vec<CallId>,
    /// Set if no memo says what the run has read; and whether its node is itself called in a body.
    pub(super) unstored: Option<(Unstored, bool)>,
}

impl Sweep {
    /// Of the family of a parent, by what its memo reads.
    fn of(parent: Edge, bound: Bound) -> Self {
        Sweep {
            top: parent,
            parents: vec![(parent, bound)],
            losses: None,
        }
    }

    pub(super) fn with(losses: Losses) -> Self {
        Sweep {
            top: losses.parent,
            parents: Vec::new(),
            losses: Some(losses),
        }
    }

    /// Looks at up to so many members. True when there is nothing left to do.
    pub(super) fn go_on(&mut self, engine: &EngineArc, steps: usize) -> bool {
        for _ in 0..steps {
            let Some(losses) = &mut self.losses else {
                let Some((parent, bound)) = self.parents.pop() else {
                    return true;
                };
                // Slots and keys are user code. Who panics there leaves nodes behind until the next time.
                let losses = guarded(|| Losses::of(engine, parent, &bound));
                self.losses = losses.map_err(discard).ok();
                discard(bound);
                continue;
            };
            match guarded(|| losses.step(engine, self.top)) {
                Ok(true) => {}
                Ok(false) => self.bury(engine),
                Err(payload) => {
                    discard(payload);
                    self.bury(engine);
                }
            }
        }
        self.losses.is_none() && self.parents.is_empty()
    }

    /// All of a parent's losses are given up.
    fn bury(&mut self, engine: &EngineArc) {
        let Some(losses) = self.losses.take() else {
            return;
        };
        if losses.unstored.is_some() {
            // Compares slots.
            return discard(guarded(|| engine.bury_unstored(losses)));
        }
        let (parent, mut ids) = (losses.parent, losses.ids);
        ids.extend(engine.families.notes.take_unsettled(parent));
        let memo = engine.store.memo(parent);
        if !ids.is_empty() {
            // Who can say so itself does: what is not known then is known after its next run.
            let is_named = memo.as_ref().is_some_and(|memo| !is_member(&memo.bound));
            let says_so = is_named && !planted("outermost-says-so");
            let top = if says_so { parent } else { self.top };
            engine.with_turn(Work::Bury(Buried::by(top, ids)));
        }
        // What it reads is right where it is.
        let read = memo.iter().flat_map(|memo| memo.reads());
        let unsettled = engine
            .families
            .notes
            .unsettled(read.filter(|node| *node != parent));
        self.parents
            .extend(unsettled.into_iter().filter_map(|node| {
                let memo = engine.store.memo(node)?;
                Some((node, memo.bound.clone()))
            }));
        discard(memo);
    }
}

impl Losses {
    /// Of the family of a parent, by what its memo reads.
    fn of(engine: &Engine, parent: Edge, bound: &Bound) -> Self {
        Losses {
            parent,
            below: vec![engine.with_id_of(parent, bound)],
            lost: Vec::new(),
            is_unsure: false,
            ids: Vec::new(),
            unstored: None,
        }
    }

    /// Gives a member up, or looks into a family. False if there is nothing left to do.
    fn step(&mut self, engine: &Engine, top: Edge) -> bool {
        if let Some(lost) = self.lost.pop() {
            self.give_up(engine, lost, top);
            return true;
        }
        let Some((id, nodes)) = self.below.pop() else {
            return false;
        };
        let reached = engine.read_by(&nodes);
        self.lost = engine.families.lost(&id, &reached);
        self.is_unsure = !self.lost.is_empty() && !engine.are_there(&reached);
        if self.is_unsure {
            engine.families.looked_below(&id, false);
        }
        true
    }

    fn give_up(&mut self, engine: &Engine, lost: Lost, top: Edge) {
        let mut is_smaller = lost.nodes.is_empty();
        for node in lost.nodes {
            is_smaller |= engine.give_up_or_wait(node, top);
        }
        if self.is_unsure && !planted("gone-is-lost") {
            return;
        }
        let left = match is_smaller {
            true => engine.families.nodes_of(&lost.id),
            false => Vec::new(),
        };
        if let Some((unstored, _)) = &self.unstored {
            // The runs of what is left may have stored nothing, and then they have said themselves what they called.
            if !is_smaller || !engine.are_right(&left, unstored.at) {
                return;
            }
            if !left.is_empty() {
                engine.families.looked_below(&lost.id, true);
                return self.below.push((lost.id, left));
            }
        }
        if is_smaller {
            engine.families.looked_below(&lost.id, true);
            self.below.push((lost.id.clone(), left));
        }
        self.ids.push(lost.id);
    }
}

impl Engine {
    /// The id under which a node calls others, and the nodes that have it.
    pub(super) fn with_id_of(&self, node: Edge, bound: &Bound) -> (CallId, Vec<Edge>) {
        match id_of(bound) {
            Some(id) => (id.clone(), self.families.nodes_of(id)),
            None => (CallId::query(bound.clone()), vec![node]),
        }
    }

    /// What the memos of these nodes read.
    pub(super) fn read_by(&self, nodes: &[Edge]) -> HashSet<Edge> {
        let memos = nodes.iter().filter_map(|node| self.store.memo(*node));
        let mut read = HashSet::default();
        for memo in memos {
            read.extend(memo.reads());
            discard(memo);
        }
        read
    }

    /// Gives a node up, now or when nobody is at work with it any more. True if it is gone.
    fn give_up_or_wait(&self, node: Edge, top: Edge) -> bool {
        loop {
            // First the note: who ends its work after a look finds it.
            self.families.notes.note_busy(node, top);
            let was_busy = self.is_busy(node);
            let is_gone = self.give_up_node(node);
            if !is_gone && self.is_busy(node) {
                return false;
            }
            self.families.notes.take_busy(node);
            if is_gone || !was_busy {
                return is_gone;
            }
            // Its work has ended between two looks, and so perhaps without finding the note.
        }
    }

    /// Whether all these nodes are there.
    pub(super) fn are_there(&self, nodes: &HashSet<Edge>) -> bool {
        nodes.iter().all(|node| {
            let memo = self.store.memo(*node);
            let is_there = memo.is_some();
            discard(memo);
            is_there
        })
    }

    fn is_busy(&self, node: Edge) -> bool {
        let state = self.store.node(node.slot).state.lock();
        state.is(node) && state.records().next().is_some()
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
}

impl EngineArc {
    pub(crate) fn sweep_again(&self, parent: Edge, bound: &Bound) {
        if !bound.kind().local.is_related() {
            return;
        }
        let memo = self.store.memo(parent);
        let read = memo.iter().flat_map(|memo| memo.reads());
        let unsettled = self.families.notes.unsettled(read.chain([parent]));
        discard(memo);
        if !unsettled.is_empty() {
            self.sweep(parent, bound);
        }
    }

    fn sweep(&self, parent: Edge, bound: &Bound) {
        self.begin(Sweep::of(parent, bound.clone()));
    }

    /// Sweeps here and now; if there is much to do the rest waits for the writers' turn.
    pub(super) fn begin(&self, mut sweep: Sweep) {
        if !self.tasks.is_closed() && !sweep.go_on(self, batch()) {
            self.put_off(Work::Sweep(sweep));
        }
    }

    /// Nobody is at work with an anonymous node any more who was: if it was to go, it goes now.
    pub(crate) fn work_ended(&self, node: Edge, bound: &Bound) {
        let Some(id) = id_of(bound) else { return };
        if self.tasks.is_closed() || planted("busy-stays") {
            return;
        }
        let Some(parent) = self.families.notes.take_busy(node) else {
            return;
        };
        // Who is at work with the parent may be about to read it, and says at its end what is left out.
        if self.is_busy(parent) {
            return;
        }
        self.begin(Sweep::with(Losses {
            parent,
            below: Vec::new(),
            lost: vec![Lost {
                id: id.clone(),
                nodes: vec![node],
            }],
            is_unsure: false,
            ids: Vec::new(),
            unstored: None,
        }));
    }
}
