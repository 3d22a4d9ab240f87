//! What a node keeps, and under which lock.
//!
//! Lock order: a node's lock, then the list of live pins, then a pin's side table; a claim's
//! locks are leaves. Two nodes' locks are never held together.

use crate::bug::planted;
use crate::node::claim::Claim;
use crate::node::dirty::DirtyEdges;
use crate::node::edge::{Edge, ReverseEdge};
use crate::node::memo::Memo;
use crate::node::record::Record;
use crate::revision::Revision;
use crate::sync::{Arc, MODELLED, Mutex, Swap};

/// A slot of the store: one node, or none yet.
pub(crate) struct Node {
    /// Replaced under `state`, loaded by anybody.
    pub(crate) memo: Swap<Memo>,
    pub(crate) state: Mutex<State>,
}

pub(crate) struct State {
    /// Whom to tell when the node stops being clean. Drained then; may name readers that have
    /// moved on, which compaction takes out when the list has doubled.
    pub(crate) reverse: Vec<ReverseEdge>,
    /// How often `reverse` was drained.
    pub(crate) drained: u32,
    /// The length of `reverse` at which it is compacted next.
    pub(crate) compact_at: u32,
    /// The edges of the memo that need a check from its `dirty_at` on.
    pub(crate) dirty: DirtyEdges,
    /// The updates that are running now, a few at most.
    pub(crate) records: Vec<Record>,
    /// Of an input: the pairs before the newest, oldest first, that a pin may still read.
    pub(crate) older: Vec<Arc<Memo>>,
}

/// A reverse list shorter than this is never compacted.
pub(crate) const COMPACT_FROM: u32 = if MODELLED { 3 } else { 32 };

impl Node {
    pub(crate) const fn vacant() -> Self {
        Node {
            memo: Swap::vacant(),
            state: Mutex::new(State::NEW),
        }
    }
}

impl Default for State {
    fn default() -> Self {
        State::NEW
    }
}

impl State {
    const NEW: State = State {
        reverse: Vec::new(),
        drained: 0,
        compact_at: COMPACT_FROM,
        dirty: DirtyEdges::EMPTY,
        records: Vec::new(),
        older: Vec::new(),
    };

    pub(crate) fn record(&mut self, claim: &Arc<Claim>) -> Option<&mut Record> {
        self.records
            .iter_mut()
            .find(|record| Arc::ptr_eq(&record.claim, claim))
    }

    pub(crate) fn take_record(&mut self, claim: &Arc<Claim>) -> Option<Record> {
        let place = self
            .records
            .iter()
            .position(|record| Arc::ptr_eq(&record.claim, claim))?;
        let record = self.records.swap_remove(place);
        if self.records.is_empty() {
            // An idle node keeps no memory for updates.
            self.records = Vec::new();
        }
        Some(record)
    }

    /// Whether the node has `edge` as its edge `number`, in its memo or in a running update.
    pub(crate) fn reads(&self, memo: &Memo, number: u32, edge: Edge) -> bool {
        memo.edges.get(number) == Some(edge)
            || !planted("compaction-forgets-updates")
                && self
                    .records
                    .iter()
                    .any(|record| record.edge(number) == Some(edge))
    }

    /// Takes out whom to tell.
    pub(crate) fn drain(&mut self) -> Vec<ReverseEdge> {
        self.drained = self.drained.wrapping_add(1);
        std::mem::take(&mut self.reverse)
    }

    /// Notes whom to tell. True if the list has grown enough to be compacted.
    pub(crate) fn subscribe(&mut self, reader: ReverseEdge) -> bool {
        self.reverse.push(reader);
        self.reverse.len() >= self.compact_at as usize
    }

    /// The pair of an input that was in force at `revision`, among those before the newest.
    pub(crate) fn older_at(&self, revision: Revision) -> Option<&Arc<Memo>> {
        self.older.get(self.older_place(revision)?)
    }

    /// The place of that pair.
    pub(crate) fn older_place(&self, revision: Revision) -> Option<usize> {
        let after = self
            .older
            .partition_point(|pair| pair.interval().valid_from <= revision);
        let place = after.checked_sub(1)?;
        self.older[place].covers(revision).then_some(place)
    }
}
