//! What a node keeps, and under which lock.
//!
//! Lock order: a node's lock, then the list of live pins, then a pin's side table; a claim's
//! locks are leaves. Two nodes' locks are never held together.

use crate::bug::planted;
use crate::node::claim::Claim;
use crate::node::dirty::DirtyEdges;
use crate::node::edge::Edge;
use crate::node::memo::Memo;
use crate::node::readers::Readers;
use crate::node::record::Record;
use crate::revision::Revision;
use crate::sync::{Arc, Mutex, Swap};

/// A slot of the store that is in use, or was.
pub(crate) struct Node {
    /// Replaced under `state`, loaded by anybody.
    pub(crate) memo: Swap<Memo>,
    pub(crate) state: Mutex<State>,
}

#[derive(Default)]
pub(crate) struct State {
    /// Whom to tell when the node stops being clean. Drained then.
    pub(crate) readers: Readers,
    /// The edges of the memo that need a check from its `dirty_at` on.
    pub(crate) dirty: DirtyEdges,
    /// What only a node has that is being updated, or an input that somebody reads in the past.
    more: Option<Box<More>>,
}

#[derive(Default)]
struct More {
    /// The updates that are running now, a few at most; the first without a list.
    first: Option<Record>,
    rest: Vec<Record>,
    /// Of an input: the pairs before the newest, oldest first, that a pin may still read.
    older: Vec<Arc<Memo>>,
}

impl Node {
    pub(crate) fn new(first: Option<Memo>) -> Self {
        Node {
            memo: Swap::new(first),
            state: Mutex::default(),
        }
    }
}

impl State {
    pub(crate) fn records(&self) -> impl Iterator<Item = &Record> + Clone {
        let more = self.more.iter();
        more.flat_map(|more| more.first.iter().chain(&more.rest))
    }

    pub(crate) fn records_mut(&mut self) -> impl Iterator<Item = &mut Record> {
        let more = self.more.iter_mut();
        more.flat_map(|more| more.first.iter_mut().chain(&mut more.rest))
    }

    pub(crate) fn add_record(&mut self, record: Record) {
        let more = self.more.get_or_insert_default();
        if more.first.is_none() {
            more.first = Some(record);
        } else {
            more.rest.push(record);
        }
    }

    pub(crate) fn record(&mut self, claim: &Arc<Claim>) -> Option<&mut Record> {
        self.records_mut()
            .find(|record| Arc::ptr_eq(&record.claim, claim))
    }

    pub(crate) fn take_record(&mut self, claim: &Arc<Claim>) -> Option<Record> {
        let more = self.more.as_mut()?;
        let is_it = |record: &Record| Arc::ptr_eq(&record.claim, claim);
        let record = match more.first.take_if(|record| is_it(record)) {
            Some(first) => first,
            None => {
                let place = more.rest.iter().position(is_it)?;
                more.rest.swap_remove(place)
            }
        };
        if more.first.is_none() && more.rest.is_empty() && more.older.is_empty() {
            // An idle node keeps no memory for updates.
            self.more = None;
        }
        Some(record)
    }

    /// Whether the node has `edge` as its edge `number`, in its memo or in a running update.
    pub(crate) fn reads(&self, memo: &Memo, number: u32, edge: Edge) -> bool {
        memo.read(number) == Some(edge)
            || !planted("compaction-forgets-updates")
                && self
                    .records()
                    .any(|record| record.edge(number) == Some(edge))
    }

    /// Keeps the pair of an input that a newer one takes the place of.
    pub(crate) fn keep_older(&mut self, pair: Arc<Memo>) {
        self.more.get_or_insert_default().older.push(pair);
    }

    /// The pair of an input that was in force at `revision`, among those before the newest.
    pub(crate) fn older_at(&self, revision: Revision) -> Option<&Arc<Memo>> {
        let older = &self.more.as_ref()?.older;
        let after = older.partition_point(|pair| pair.interval().valid_from <= revision);
        let pair = &older[after.checked_sub(1)?];
        pair.covers(revision).then_some(pair)
    }

    /// Takes that pair out.
    pub(crate) fn take_older(&mut self, pair: &Arc<Memo>) -> Option<Arc<Memo>> {
        let older = &mut self.more.as_mut()?.older;
        let place = older.iter().position(|each| Arc::ptr_eq(each, pair))?;
        let pair = older.remove(place);
        if older.is_empty() {
            // No input is ever updated, so it has nothing else there.
            self.more = None;
        }
        Some(pair)
    }
}
