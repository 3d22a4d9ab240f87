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
//! Reads of older snapshots may run more and publish memos: the model does not cover them.

use crate::program::{Read, State};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dependency {
    Slot(u16),
    Code(u16),
    Node(u16),
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
    memos: Vec<Option<Memo>>,
    ran: Vec<u16>,
}

/// One simulated run of a body.
struct Frame<'a> {
    predictor: &'a mut Predictor,
    state: &'a State,
    reads: Vec<Dependency>,
}

impl Frame<'_> {
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
        // Recorded when the value has arrived.
        let value = self.predictor.ask(node, self.state);
        self.record(Dependency::Node(node));
        value
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
            memos: (0..nodes).map(|_| None).collect(),
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
        match self.memos[usize::from(node)].take() {
            None => self.run(node, None, state),
            Some(memo) if memo.verified_at == self.revision => self.keep(node, memo),
            Some(memo) if self.unchanged(&memo, state) => self.keep(node, memo),
            Some(memo) => self.run(node, Some(memo), state),
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
            .all(|&dependency| self.changed_at(dependency, state) <= memo.verified_at)
    }

    fn changed_at(&mut self, dependency: Dependency, state: &State) -> u64 {
        match dependency {
            Dependency::Slot(slot) => self.slots[usize::from(slot)],
            Dependency::Code(node) => self.code[usize::from(node)],
            Dependency::Witness(_) => self.witness,
            Dependency::Node(node) => {
                self.ask(node, state);
                self.memos[usize::from(node)]
                    .as_ref()
                    .map_or(self.revision, |memo| memo.changed_at)
            }
        }
    }

    fn run(&mut self, node: u16, old: Option<Memo>, state: &State) -> u8 {
        self.ran.push(node);
        let mut frame = Frame {
            predictor: self,
            state,
            reads: vec![Dependency::Code(node)],
        };
        let value = state.code[usize::from(node)].eval(&mut frame);
        let reads = frame.reads;
        // Equal value: early cut-off, the readers need not know.
        let changed_at = old
            .filter(|memo| memo.value == value)
            .map_or(self.revision, |memo| memo.changed_at);
        self.keep(
            node,
            Memo {
                value,
                changed_at,
                verified_at: 0,
                reads,
            },
        )
    }

    fn keep(&mut self, node: u16, memo: Memo) -> u8 {
        let value = memo.value;
        self.memos[usize::from(node)] = Some(Memo {
            verified_at: self.revision,
            ..memo
        });
        value
    }
}
