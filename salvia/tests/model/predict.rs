//! Predicts which bodies the engine runs, by a plain red/green simulation.
//!
//! Per node it keeps the value, when it last changed, when it was last known right, and what its
//! last run read, in order. It is deliberately not the engine's algorithm: no intervals, no
//! propagation, no dirty edges. For reads of the newest revision, one after the other, both run the
//! same bodies:
//!
//! * The engine checks only dirty edges. A clean edge leads to a node nothing below which changed;
//!   checking it, as is done here, runs nothing.
//! * The engine calls an edge changed if `changed_at >= dirty_at` of the reader, the model if
//!   `changed_at > verified_at`. A dependency of a node verified at V is clean at V, so its next
//!   change comes when it is dirtied, and by propagation the reader is dirty from then at the latest;
//!   no change falls between V and `dirty_at`. So A -> B -> A over two revisions is a change in
//!   both, and in one mutation it is none.
//! * The order of the checks does not matter to the *set* of nodes brought up to date, as long as an
//!   edge is checked only when everything its call could depend on is known unchanged. If nothing
//!   changed, the set is all recorded reads, whatever the order; else the body runs, and the checks
//!   made before, or still in flight, are of nodes this run reads as well. So the prediction holds
//!   for checks one by one and for concurrent checks of a join, and whatever the order in which the
//!   values of a join arrived when the body waited.
//!
//! * A part that its body does not call any more is dropped. Here it is kept: whether it is checked or run when it is back,
//!   it asks for the same nodes.
//!
//! Reads of older snapshots may run more and publish memos: the model does not cover them.

use std::collections::HashMap;
use std::sync::Arc;

use crate::program::{Expr, Read, State, step_name, step_value};

/// A body: that of a node, or of a part in its body or in another part.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    node: u16,
    /// The slots that lead to it.
    path: Vec<u8>,
    part: Option<Arc<Expr>>,
    /// Of the way from the node.
    steps: u8,
}

impl Key {
    fn of(node: u16) -> Self {
        Self {
            node,
            path: Vec::new(),
            part: None,
            steps: 0,
        }
    }

    fn way(node: u16, steps: u8) -> Self {
        Self {
            steps,
            ..Self::of(node)
        }
    }

    fn part(&self, slot: u8, part: &Expr) -> Self {
        Self {
            node: self.node,
            path: [self.path.as_slice(), &[slot]].concat(),
            part: Some(Arc::new(part.clone())),
            steps: 0,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Dependency {
    Slot(u16),
    Code(u16),
    Body(Key),
    Witness(u8),
}

#[derive(Debug)]
struct Memo {
    value: u8,
    changed_at: u64,
    verified_at: u64,
    reads: Vec<Dependency>,
}

/// The simulated engine.
#[derive(Debug)]
pub(crate) struct Predictor {
    revision: u64,
    slots: Vec<u64>,
    code: Vec<u64>,
    witness: u64,
    memos: HashMap<Key, Memo>,
    ran: Vec<u16>,
}

/// One simulated run of a body.
struct Frame<'a> {
    predictor: &'a mut Predictor,
    state: &'a State,
    key: Key,
    reads: Vec<Dependency>,
}

impl Frame<'_> {
    fn body(&mut self, key: Key) -> u8 {
        // Recorded when the value has arrived.
        let value = self.predictor.look(&key, self.state);
        self.record(Dependency::Body(key));
        value
    }

    fn record(&mut self, dependency: Dependency) {
        if !self.reads.contains(&dependency) {
            self.reads.push(dependency);
        }
    }
}

impl Read for Frame<'_> {
    fn slot(&mut self, slot: u16) -> u8 {
        self.record(Dependency::Slot(slot));
        self.state.slots[usize::from(slot)]
    }

    fn node(&mut self, node: u16) -> u8 {
        self.body(Key::of(node))
    }

    fn way(&mut self, node: u16, steps: u8) -> u8 {
        self.body(Key::way(node, steps))
    }

    fn part(&mut self, slot: u8, part: &Expr) -> u8 {
        self.body(self.key.part(slot, part))
    }

    fn witness(&mut self, which: u8) -> u64 {
        self.record(Dependency::Witness(which));
        self.state.witness
    }
}

impl Predictor {
    pub(crate) fn new(slots: u16, nodes: u16) -> Self {
        Self {
            revision: 0,
            slots: vec![0; slots.into()],
            code: vec![0; nodes.into()],
            witness: 0,
            memos: HashMap::new(),
            ran: Vec::new(),
        }
    }

    /// A mutation has turned `before` into `after`. Says whether that makes a revision.
    pub(crate) fn commit(&mut self, before: &State, after: &State) -> bool {
        if before == after {
            return false;
        }
        self.revision += 1;
        let now = self.revision;
        for (slot, at) in self.slots.iter_mut().enumerate() {
            if before.slots[slot] != after.slots[slot] {
                *at = now;
            }
        }
        for (node, at) in self.code.iter_mut().enumerate() {
            if before.code[node] != after.code[node] {
                *at = now;
            }
        }
        if before.witness != after.witness {
            self.witness = now;
        }
        true
    }

    /// Asks for a node at the newest revision.
    pub(crate) fn ask(&mut self, node: u16, state: &State) -> u8 {
        self.look(&Key::of(node), state)
    }

    fn look(&mut self, key: &Key, state: &State) -> u8 {
        match self.memos.remove(key) {
            None => self.run(key, None, state),
            Some(memo) if memo.verified_at == self.revision => self.keep(key, memo),
            Some(memo) if self.unchanged(&memo, state) => self.keep(key, memo),
            Some(memo) => self.run(key, Some(memo), state),
        }
    }

    /// The bodies run since the last call, sorted.
    pub(crate) fn take_ran(&mut self) -> Vec<u16> {
        let mut ran = std::mem::take(&mut self.ran);
        ran.sort_unstable();
        ran
    }

    /// Checks the reads in order and stops at the first change: what comes after it may not be
    /// read any more.
    fn unchanged(&mut self, memo: &Memo, state: &State) -> bool {
        memo.reads
            .iter()
            .all(|dependency| self.changed_at(dependency, state) <= memo.verified_at)
    }

    fn changed_at(&mut self, dependency: &Dependency, state: &State) -> u64 {
        match dependency {
            Dependency::Slot(slot) => self.slots[usize::from(*slot)],
            Dependency::Code(node) => self.code[usize::from(*node)],
            Dependency::Witness(_) => self.witness,
            Dependency::Body(key) => {
                self.look(key, state);
                let memo = self.memos.get(key);
                memo.map_or(self.revision, |memo| memo.changed_at)
            }
        }
    }

    fn run(&mut self, key: &Key, old: Option<Memo>, state: &State) -> u8 {
        let mut frame = Frame {
            predictor: self,
            state,
            key: key.clone(),
            reads: Vec::new(),
        };
        let value = match &key.part {
            Some(part) => part.eval(&mut frame),
            None if key.steps > 0 => {
                frame.predictor.ran.push(step_name(key.node, key.steps));
                step_value(frame.way(key.node, key.steps - 1), key.steps)
            }
            None => {
                frame.predictor.ran.push(key.node);
                frame.record(Dependency::Code(key.node));
                state.code[usize::from(key.node)].eval(&mut frame)
            }
        };
        let reads = frame.reads;
        // Equal value: early cut-off, the readers need not know.
        let changed_at = old
            .filter(|memo| memo.value == value)
            .map_or(self.revision, |memo| memo.changed_at);
        self.keep(
            key,
            Memo {
                value,
                changed_at,
                verified_at: 0,
                reads,
            },
        )
    }

    fn keep(&mut self, key: &Key, memo: Memo) -> u8 {
        let value = memo.value;
        let verified_at = self.revision;
        let memo = Memo {
            verified_at,
            ..memo
        };
        self.memos.insert(key.clone(), memo);
        value
    }
}
