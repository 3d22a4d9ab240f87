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
use crate::node::reason::{LastRun, Ran, Reason};
use crate::node::record::Record;
use crate::node::waited::Waited;
use crate::revision::Revision;
use crate::sync::{Arc, Loaded, Mutex, Swap};

/// A slot of the store: one node, or none.
pub(crate) struct Node {
    /// `State::memo` for a look without the lock.
    memo: Swap<Memo>,
    pub(crate) state: Mutex<State>,
}

#[derive(Default)]
pub(crate) struct State {
    /// Replaced by `Node::put` alone.
    memo: Option<Arc<Memo>>,
    /// Whom to tell when the node stops being clean. Drained then.
    pub(crate) readers: Readers,
    /// How often the memo was told of a change.
    tells: u32,
    /// In which queues of what may go the node stands.
    pub(crate) queued: Queued,
    /// When and why its body last ran to a published value, and what it waited for.
    ran: Ran,
    /// The edges of the memo that need a check from its `dirty_at` on.
    pub(crate) dirty: DirtyEdges,
    /// What only a node has that is being updated, or an input that somebody reads in the past.
    more: Option<Box<More>>,
}

#[derive(Clone, Copy, Default)]
pub(crate) struct Queued {
    /// That of its query.
    pub(crate) kind: bool,
    /// That of the runtime.
    pub(crate) all: bool,
}

#[derive(Default)]
struct More {
    /// The updates that are running now, a few at most; the first without a list.
    first: Option<Record>,
    rest: Vec<Record>,
    /// Of an input: the pairs before the newest that a pin may still read. The latest of them, of
    /// which most often there is no more than this one, and the others, oldest first.
    latest: Option<Arc<Memo>>,
    older: Vec<Arc<Memo>>,
}

impl Node {
    pub(crate) fn vacant() -> Self {
        Node {
            memo: Swap::vacant(),
            state: Mutex::default(),
        }
    }

    /// The memo as it is now, without a lock; for short use.
    #[inline]
    pub(crate) fn look(&self) -> Loaded<Memo> {
        self.memo.load()
    }

    /// Puts another memo in place. `state` is this node's. Gives the old one, to be dropped outside
    /// the lock.
    pub(crate) fn put(&self, state: &mut State, memo: Arc<Memo>) -> Option<Arc<Memo>> {
        let old = self.memo.replace(memo.clone());
        // Not the last reference to the old one.
        state.memo = Some(memo);
        old
    }

    /// Takes everything out, to be dropped outside the lock.
    pub(crate) fn empty(&self) -> (Option<Arc<Memo>>, State) {
        self.empty_under(&mut self.state.lock())
    }

    /// The same under the node's lock.
    pub(crate) fn empty_under(&self, state: &mut State) -> (Option<Arc<Memo>>, State) {
        (self.memo.clear(), std::mem::take(state))
    }
}

impl State {
    pub(crate) fn memo(&self) -> Option<&Arc<Memo>> {
        self.memo.as_ref()
    }

    pub(crate) fn tells(&self) -> u32 {
        self.tells
    }

    /// Whether the node is the one `edge` leads to.
    pub(crate) fn is(&self, edge: Edge) -> bool {
        self.memo
            .as_ref()
            .is_some_and(|memo| memo.edge(edge.slot) == edge)
    }

    /// Notes that edge `number` of the memo needs a check.
    pub(crate) fn hear(&mut self, number: u32) {
        self.tells = self.tells.wrapping_add(1);
        self.dirty.insert(number);
    }

    /// Notes that the body ran to a value that is published. Gives what was noted before.
    pub(crate) fn ran(
        &mut self,
        at: Revision,
        reason: Reason,
        cut_off: bool,
        waited: Option<Box<Waited>>,
    ) -> Ran {
        let packed = LastRun::packed(reason, cut_off);
        std::mem::replace(&mut self.ran, Ran::new(at, packed, waited))
    }

    /// Notes that the body need not run, which took a wait. Gives what was noted before.
    pub(crate) fn checked(&mut self, waited: Box<Waited>) -> Ran {
        let ran = self.ran.checked(waited);
        std::mem::replace(&mut self.ran, ran)
    }

    pub(crate) fn last_run(&self) -> Option<LastRun> {
        self.ran.last()
    }

    /// What its last run waited for, or the last check since that had to.
    pub(crate) fn waited(&self) -> Option<&Waited> {
        self.ran.waited()
    }

    /// What is kept of waits.
    pub(crate) fn waited_bytes(&self) -> usize {
        self.waited().map_or(0, Waited::heap_bytes)
    }

    /// Whether `memo` is the one in place.
    pub(crate) fn has(&self, memo: &Arc<Memo>) -> bool {
        self.memo
            .as_ref()
            .is_some_and(|there| Arc::ptr_eq(there, memo))
    }

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

    /// The same with what is in place: the memo, and those of its edges that need a check.
    pub(crate) fn record_beside(
        &mut self,
        claim: &Arc<Claim>,
    ) -> Option<(&mut Record, Option<&Memo>, &DirtyEdges)> {
        let More { first, rest, .. } = &mut **self.more.as_mut()?;
        let mut records = first.iter_mut().chain(rest);
        let record = records.find(|record| Arc::ptr_eq(&record.claim, claim))?;
        Some((record, self.memo.as_deref(), &self.dirty))
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
        if more.first.is_none()
            && more.rest.is_empty()
            && more.older.is_empty()
            && more.latest.is_none()
        {
            // An idle node keeps no memory for updates.
            self.more = None;
        }
        Some(record)
    }

    /// Whether the node has `edge` as its edge `number`, in its memo or in a running update.
    pub(crate) fn reads(&self, number: u32, edge: Edge) -> bool {
        self.memo.as_ref().and_then(|memo| memo.read(number)) == Some(edge)
            || !planted("compaction-forgets-updates")
                && self
                    .records()
                    .any(|record| record.edge(number) == Some(edge))
    }

    /// Whether nobody reads or updates the node, now or in the past.
    pub(crate) fn is_idle(&self) -> bool {
        let is_read = !self.readers.is_empty() && !planted("freed-while-read");
        !is_read && (self.more.is_none() || planted("freed-while-updated"))
    }

    /// Keeps the pair of an input that a newer one takes the place of.
    pub(crate) fn keep_older(&mut self, pair: Arc<Memo>) {
        let more = self.more.get_or_insert_default();
        if let Some(before) = more.latest.replace(pair) {
            more.older.push(before);
        }
    }

    /// The pair of an input that was in force at `revision`, among those before the newest.
    pub(crate) fn older_at(&self, revision: Revision) -> Option<&Arc<Memo>> {
        let more = self.more.as_ref()?;
        if let Some(latest) = more.latest.as_ref().filter(|pair| pair.covers(revision)) {
            return Some(latest);
        }
        let after = more
            .older
            .partition_point(|pair| pair.interval().valid_from <= revision);
        let pair = &more.older[after.checked_sub(1)?];
        pair.covers(revision).then_some(pair)
    }

    /// Takes that pair out.
    pub(crate) fn take_older(&mut self, pair: &Arc<Memo>) -> Option<Arc<Memo>> {
        let more = self.more.as_mut()?;
        let latest = more.latest.take_if(|latest| Arc::ptr_eq(latest, pair));
        let pair = latest.or_else(|| {
            let place = more.older.iter().position(|each| Arc::ptr_eq(each, pair))?;
            Some(more.older.remove(place))
        })?;
        if more.latest.is_none() && more.older.is_empty() {
            // No input is ever updated, so it has nothing else there.
            self.more = None;
        }
        Some(pair)
    }
}
