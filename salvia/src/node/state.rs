//! What a node keeps, and under which lock.
//!
//! Lock order: a node's lock, then the list of live pins, then a pin's side table; a claim's
//! locks are leaves. Two nodes' locks are never held together.

use crate::bug::planted;
use crate::node::claim::Claim;
use crate::node::dirty::DirtyEdges;
use crate::node::edge::Edge;
use crate::node::memo::Memo;
use crate::node::past::Past;
use crate::node::readers::Readers;
use crate::node::reason::{LastRun, Ran, Reason};
use crate::node::record::Record;
use crate::node::told::{Queued, Told};
use crate::node::waited::Waited;
use crate::revision::Revision;
use crate::sync::{Counted, Loaded, Mutex, Swap, Thin};

/// A slot of the store: one node, or none.
pub(crate) struct Node {
    /// `State::memo` for a look without the lock.
    memo: Swap<Counted<Memo>>,
    pub(crate) state: Mutex<State>,
}

#[derive(Default)]
pub(crate) struct State {
    /// Replaced by `Node::put` alone.
    memo: Option<Counted<Memo>>,
    /// Whom to tell when the node stops being clean. Drained then.
    pub(crate) readers: Readers,
    /// When and why its body last ran to a published value, and what it waited for. Of an input
    /// the pairs before the newest that a pin may still read.
    past: Past,
    /// The edges of the memo that need a check from its `dirty_at` on.
    dirty: DirtyEdges<Told>,
    /// The updates that are running now: a list of a few at most, the oldest first. Boxed one by
    /// one, so that no record is moved as long as it lives.
    updates: Option<Box<Record>>,
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
    pub(crate) fn look(&self) -> Loaded<Counted<Memo>> {
        self.memo.load()
    }

    /// Whether there is no memo. For who wants the node at hand soon: a look would wait for it.
    #[inline]
    pub(crate) fn is_vacant(&self) -> bool {
        self.memo.is_vacant()
    }

    /// Puts another memo in place, shared from its making on by the two places where it stands. `state` is this node's. Gives
    /// the old one, to be dropped outside the lock.
    pub(crate) fn put(&self, state: &mut State, new: [Counted<Memo>; 2]) -> Option<Counted<Memo>> {
        let [looked_at, locked] = new;
        if !planted("put-beside-reads") {
            state.records().for_each(Record::close);
        }
        if state.is_listed() {
            let read = |memo: &Counted<Memo>| memo.read(0);
            let stays = locked.end.is_borrowed() && read(&locked) == state.memo().and_then(read);
            state.set_listed(stays);
        }
        let old = self.memo.replace(looked_at);
        // Not the last reference to the old one.
        state.memo = Some(locked);
        old
    }

    /// Takes everything out, to be dropped outside the lock.
    pub(crate) fn empty(&self) -> (Option<Counted<Memo>>, State) {
        self.empty_under(&mut self.state.lock())
    }

    /// The same under the node's lock.
    pub(crate) fn empty_under(&self, state: &mut State) -> (Option<Counted<Memo>>, State) {
        (self.memo.clear(), std::mem::take(state))
    }
}

impl State {
    pub(crate) fn memo(&self) -> Option<&Counted<Memo>> {
        self.memo.as_ref()
    }

    /// Does something with the memo and the rest, which has none meanwhile.
    pub(crate) fn beside_memo<R>(
        &mut self,
        work: impl FnOnce(&mut Self, &Counted<Memo>) -> R,
    ) -> Option<R> {
        // Lent and not counted: this is done for each node that a commit comes by.
        let memo = self.memo.take()?;
        let done = work(self, &memo);
        self.memo = Some(memo);
        Some(done)
    }

    /// Another number after each change that the memo was told of.
    pub(crate) fn tells(&self) -> u32 {
        self.dirty.beside().times()
    }

    /// In which queues of what may go the node stands.
    pub(crate) fn queued(&self) -> Queued {
        self.dirty.beside().queued()
    }

    pub(crate) fn queue(&mut self, queued: Queued) {
        self.dirty.beside_mut().queue(queued);
    }

    /// The edges of the memo that need a check from its `dirty_at` on. Who borrows the end of what it read is not told of it.
    pub(crate) fn dirty(&self) -> DirtyEdges {
        let mut dirty = self.dirty.clone().with(());
        if self
            .memo
            .as_ref()
            .is_some_and(|memo| memo.end.is_borrowed())
        {
            dirty.insert(0);
        }
        dirty
    }

    /// Whether the node stands for good among the readers of the only node the memo has read.
    pub(crate) fn is_listed(&self) -> bool {
        self.dirty.beside().is_listed()
    }

    pub(crate) fn set_listed(&mut self, listed: bool) {
        self.dirty.beside_mut().list(listed);
    }

    /// Whether that is the node of `edge`, or a running update may come to say so.
    pub(crate) fn is_listed_at(&self, edge: Edge) -> bool {
        let is_there = |memo: &Counted<Memo>| memo.read(0) == Some(edge);
        let runs = |record: &Record| record.is_unsubscribed() && record.edge(0) == Some(edge);
        self.is_listed() && self.memo.as_ref().is_some_and(is_there) || self.records().any(runs)
    }

    /// Says which these are.
    pub(crate) fn set_dirty(&mut self, edges: DirtyEdges) {
        self.dirty.put(edges);
    }

    /// Whether the node is the one `edge` leads to.
    pub(crate) fn is(&self, edge: Edge) -> bool {
        self.memo
            .as_ref()
            .is_some_and(|memo| memo.edge(edge.slot) == edge)
    }

    /// Notes that edge `number` of the memo needs a check.
    pub(crate) fn hear(&mut self, number: u32) {
        self.dirty.beside_mut().count();
        self.dirty.insert(number);
    }

    /// Notes that the body ran to a value that is published. Gives what was noted before.
    pub(crate) fn ran(
        &mut self,
        at: Revision,
        reason: Reason,
        cut_off: bool,
        waited: Option<Box<Waited>>,
    ) -> Option<Ran> {
        let packed = LastRun::packed(reason, cut_off);
        self.past.replace_run(Ran::new(at, packed, waited))
    }

    /// Notes that the body need not run, which took a wait. Gives what was noted before.
    pub(crate) fn checked(&mut self, waited: Box<Waited>) -> Option<Ran> {
        let ran = self.past.run()?.checked(waited);
        self.past.replace_run(ran)
    }

    pub(crate) fn last_run(&self) -> Option<LastRun> {
        self.past.run()?.last()
    }

    /// What its last run waited for, or the last check since that had to.
    pub(crate) fn waited(&self) -> Option<&Waited> {
        self.past.run()?.waited()
    }

    /// What is kept of waits.
    pub(crate) fn waited_bytes(&self) -> usize {
        self.waited().map_or(0, Waited::heap_bytes)
    }

    /// Whether `memo` is the one in place.
    pub(crate) fn has(&self, memo: &Counted<Memo>) -> bool {
        self.memo
            .as_ref()
            .is_some_and(|there| Counted::ptr_eq(there, memo))
    }

    pub(crate) fn records(&self) -> impl Iterator<Item = &Record> + Clone {
        std::iter::successors(self.updates.as_deref(), |record| record.next())
    }

    /// The first of them; each leads to the next.
    pub(crate) fn first_record_mut(&mut self) -> Option<&mut Record> {
        self.updates.as_deref_mut()
    }

    pub(crate) fn add_record(&mut self, record: Box<Record>) {
        let mut end = &mut self.updates;
        while let Some(before) = end {
            end = before.link();
        }
        *end = Some(record);
    }

    pub(crate) fn record(&mut self, claim: &Thin<Claim>) -> Option<&mut Record> {
        record_of(&mut self.updates, claim)
    }

    /// Lets the update under `claim` read again, without the lock, what `memo` read, if that is in place and was right at
    /// the claim's revision or before. Gives the edges that need a check: they are no longer subscribed to.
    pub(crate) fn follow(
        &mut self,
        claim: &Thin<Claim>,
        memo: &Counted<Memo>,
    ) -> Option<DirtyEdges> {
        let is_it = self.has(memo) && memo.interval().valid_from <= claim.revision;
        let record = record_of(&mut self.updates, claim)?;
        if !is_it || record.alone {
            return None;
        }
        record.follow(memo);
        Some(self.dirty())
    }

    /// The same with what is in place: the memo, and those of its edges that need a check.
    pub(crate) fn record_beside(
        &mut self,
        claim: &Thin<Claim>,
    ) -> Option<(&mut Record, Option<&Memo>, &DirtyEdges<Told>)> {
        let record = record_of(&mut self.updates, claim)?;
        Some((record, self.memo.as_deref(), &self.dirty))
    }

    pub(crate) fn take_record(&mut self, claim: &Thin<Claim>) -> Option<Box<Record>> {
        let mut place = &mut self.updates;
        while !Thin::ptr_eq(&place.as_ref()?.claim, claim) {
            place = place.as_mut()?.link();
        }
        let mut record = place.take()?;
        *place = record.link().take();
        if !planted("seal-forgotten") {
            record.seal();
        }
        Some(record)
    }

    /// Whether the node borrows its end from that of `owner`, and has readers to be told when it is moved.
    pub(crate) fn reads_via(&self, owner: Edge) -> bool {
        let lent_by = self.memo.as_ref().and_then(|memo| memo.end.lent_by());
        lent_by == Some(owner) && !self.readers.is_empty()
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
        let is_updated = self.updates.is_some() && !planted("freed-while-updated");
        !is_read && !is_updated && !self.past.has_pairs()
    }

    /// Keeps the pair of an input that a newer one takes the place of.
    pub(crate) fn keep_older(&mut self, pair: Counted<Memo>) {
        self.past.keep(pair);
    }

    /// The pair of an input that was in force at `revision`, among those before the newest.
    pub(crate) fn older_at(&self, revision: Revision) -> Option<&Counted<Memo>> {
        self.past.pair_at(revision)
    }

    /// Takes that pair out.
    pub(crate) fn take_older(&mut self, revision: Revision) -> Option<Counted<Memo>> {
        self.past.take_pair(revision)
    }
}

fn record_of<'a>(
    updates: &'a mut Option<Box<Record>>,
    claim: &Thin<Claim>,
) -> Option<&'a mut Record> {
    let mut next = updates.as_deref_mut();
    while let Some(record) = next {
        if Thin::ptr_eq(&record.claim, claim) {
            return Some(record);
        }
        next = record.link().as_deref_mut();
    }
    None
}

#[cfg(test)]
mod tests {
    use std::any::TypeId;

    use super::*;
    use crate::node::bound::{Bound, Kind};
    use crate::sync::MODELLED;
    use crate::value::Value;

    fn bound() -> Bound {
        Bound::new(Kind::bare(TypeId::of::<()>()), 0, ())
    }

    fn memo<const N: usize>() -> [Counted<Memo>; N] {
        Counted::several(Memo::input(bound(), Value::new(1), Revision::FIRST))
    }

    /// By then its subscriptions may be anybody's.
    #[test]
    fn nothing_is_counted_without_the_lock_once_another_memo_has_come() {
        let (node, [before, one, other]) = (Node::vacant(), memo());
        let mut state = node.state.lock();
        node.put(&mut state, [one, other]);
        let claim = Claim::new(bound(), Revision::FIRST);
        state.add_record(Box::new(Record::executing(claim.clone(), false)));
        assert!(!claim.again.follow(0, Revision::FIRST));
        let [elsewhere] = memo();
        assert!(state.follow(&claim, &elsewhere).is_none());
        assert!(state.follow(&claim, &before).is_some());
        assert!(claim.again.follow(0, Revision::FIRST));
        node.put(&mut state, memo());
        assert!(!claim.again.follow(1, Revision::FIRST));
    }

    /// Or its memo would be right for longer than it is, and a late read would be taken for one of its own.
    #[test]
    fn what_was_counted_without_the_lock_is_added_up_when_the_record_goes() {
        let [memo, looked_at, locked] = memo();
        let (node, later) = (Node::vacant(), Revision::FIRST.next());
        let mut state = node.state.lock();
        node.put(&mut state, [looked_at, locked]);
        let claim = Claim::new(bound(), later);
        state.add_record(Box::new(Record::executing(claim.clone(), false)));
        assert!(state.follow(&claim, &memo).is_some());
        assert!(claim.again.follow(0, later));
        let record = state.take_record(&claim).expect("it was put there");
        assert_eq!(record.valid_from, later);
        assert!(!claim.again.follow(1, later));
    }

    /// There is a million of them.
    #[test]
    fn a_node_takes_eighty_bytes_and_its_memo_as_many() {
        // The locks and atomics of a model are larger.
        if !MODELLED {
            assert_eq!(size_of::<Node>(), 80);
            assert_eq!(Counted::<Memo>::HEAP_BYTES, 80);
        }
    }

    #[test]
    fn tells_are_counted_past_the_queues_that_stand_beside() {
        let mut state = State::default();
        let queued = Queued {
            kind: true,
            all: false,
        };
        state.queue(queued);
        for tells in 0..3 {
            assert_eq!((state.tells(), state.queued()), (tells, queued));
            state.hear(tells);
        }
        state.queue(Queued::default());
        state.set_dirty(DirtyEdges::default());
        assert_eq!((state.tells(), state.queued()), (3, Queued::default()));
    }
}
