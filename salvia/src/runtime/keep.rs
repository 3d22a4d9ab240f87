//! What is kept, and what has to go: the budget of a runtime, and the limits of its queries.
//!
//! Values go first: a node without its value still knows from what it was made and when that
//! changes, so early cut-off goes on to work. A node goes with its value if nobody is to be told of its
//! changes. Everything here happens where a value comes, never where one is taken.

use crate::bug::planted;
use crate::node::bound::Work;
use crate::node::edge::Edge;
use crate::node::memo::{Mark, Memo};
use crate::node::recency::Recency;
use crate::node::state::{Node, State};
use crate::node::told::Queued;
use crate::revision::Revision;
use crate::runtime::began::Began;
use crate::runtime::engine::Engine;
use crate::runtime::guard::{discard, guarded};
use crate::runtime::pin::WritersTurn;
use crate::runtime::size;
use crate::sync::{AtomicU32, AtomicUsize, Counted, Mutex, Ordering};

/// The reverse of an edge, which stands at what is read.
const REVERSE: usize = 8;

/// So many nodes are looked at for each new value.
const LOOKS: usize = 64;

/// What a runtime keeps.
#[derive(Default)]
pub(crate) struct Keeper {
    /// How many bytes may be kept; `None`: all.
    budget: Option<usize>,
    /// About how many are, if there is a budget.
    bytes: AtomicUsize,
    /// The time in which recency is told.
    tick: AtomicU32,
    began: Began,
    /// All nodes that have a value or had one, if there is a budget. Leaf lock.
    queue: Mutex<Recency>,
}

impl Keeper {
    pub(crate) fn new(budget: Option<usize>) -> Self {
        Keeper {
            budget,
            ..Keeper::default()
        }
    }

    #[inline]
    pub(crate) fn tick(&self) -> u32 {
        self.tick.load(Ordering::Relaxed)
    }

    /// A revision begins. For who has the writers' turn.
    pub(crate) fn begin(&self, revision: Revision) {
        self.began.note(revision, self.pass());
    }

    /// The tick before which nothing was taken in `revision` or later; 0 if it is too long ago to be known.
    pub(crate) fn tick_of(&self, revision: Revision) -> u32 {
        self.began.tick_of(revision).unwrap_or_else(|| self.tick())
    }

    /// Lets time pass.
    pub(crate) fn pass(&self) -> u32 {
        self.tick.fetch_add(1, Ordering::Relaxed).wrapping_add(1)
    }
}

impl Engine {
    /// Whether there is a budget to count for.
    pub(crate) fn counts_bytes(&self) -> bool {
        self.keeper.budget.is_some()
    }

    /// How many bytes a memo counts, if they are counted.
    pub(crate) fn counted(&self, memo: &Memo) -> usize {
        match (self.keeper.budget, memo.finding()) {
            (Some(_), Some(_)) => bytes(memo),
            _ => 0,
        }
    }

    /// Takes note of a memo that was published, where one stood that counted `before` bytes, and
    /// makes room for it.
    pub(crate) fn keep(&self, edge: Edge, memo: &Counted<Memo>, before: usize) {
        let kind = &memo.bound.kind();
        let (limit, budget) = (kind.options.lru, self.keeper.budget);
        if limit == 0 && budget.is_none() {
            return;
        }
        let tick = self.keeper.pass();
        memo.touch(tick);
        let mut state = self.store.node(edge.slot).state.lock();
        let known = state.queued();
        state.queue(Queued {
            kind: known.kind || limit > 0,
            all: known.all || budget.is_some(),
        });
        drop(state);
        if limit > 0 {
            if !known.kind {
                kind.kept.lock().push(edge, tick);
            }
            self.hold_limit(&kind.kept, limit);
        }
        if let Some(budget) = budget {
            self.recount(before, bytes(memo));
            if !known.all {
                self.keeper.queue.lock().push(edge, tick);
            }
            self.hold_budget(budget);
        }
    }

    /// Evicts values of one query until no more than `limit` are left.
    fn hold_limit(&self, kept: &Mutex<Recency>, limit: usize) {
        let mut looks = 2 * limit + 2;
        while looks > 0 {
            looks -= 1;
            let entry = {
                let mut kept = kept.lock();
                if kept.len() <= limit {
                    return;
                }
                kept.pop()
            };
            let Some((edge, tick)) = entry else { return };
            let Some(memo) = self.store.memo(edge) else {
                continue;
            };
            // Taken since it was put in: its turn comes later.
            let stays = memo.taken_at() != tick && looks > limit;
            if stays || memo.value().is_some() && !self.evict(edge, &memo) {
                kept.lock().push(edge, memo.taken_at());
            } else {
                self.leaves_queue(edge, |queued| queued.kind = false);
            }
            discard(memo);
        }
    }

    /// Evicts values, and nodes nobody refers to, until the budget is held.
    fn hold_budget(&self, budget: usize) {
        for _ in 0..LOOKS {
            if self.keeper.bytes.load(Ordering::Relaxed) <= budget {
                return;
            }
            let Some((edge, tick)) = self.keeper.queue.lock().pop() else {
                return;
            };
            let Some(memo) = self.store.memo(edge) else {
                continue;
            };
            let was_taken = memo.taken_at() != tick;
            if was_taken || !self.let_go(edge, &memo) {
                let tick = memo.taken_at();
                self.keeper.queue.lock().push(edge, tick);
            }
            discard(memo);
        }
    }

    /// Notes that a node stands in a queue no more.
    fn leaves_queue(&self, edge: Edge, change: impl FnOnce(&mut Queued)) {
        let mut state = self.store.node(edge.slot).state.lock();
        if state
            .memo()
            .is_some_and(|memo| memo.edge(edge.slot) == edge)
        {
            let mut queued = state.queued();
            change(&mut queued);
            state.queue(queued);
        }
    }

    /// Takes a value away, and its node too if nobody refers to it. True if the node is gone.
    fn let_go(&self, edge: Edge, memo: &Counted<Memo>) -> bool {
        if self.free(edge, memo) {
            return true;
        }
        self.evict(edge, memo);
        false
    }

    /// Takes the value of a query's node away. False if it is in use or has none.
    pub(crate) fn evict(&self, edge: Edge, memo: &Counted<Memo>) -> bool {
        if memo.value().is_none() || !matches!(memo.bound.kind().work, Work::Query(..)) {
            return false;
        }
        let Some(emptied) = memo.emptied() else {
            return false;
        };
        let [emptied, looked_at, locked] = Counted::several(emptied);
        let node = self.store.node(edge.slot);
        let mut state = node.state.lock();
        let is_updated = state.records().next().is_some() && !planted("evicted-while-updated");
        if !state.has(memo) || is_updated {
            drop(state);
            return false;
        }
        // It may have been told something since it was copied.
        if planted("eviction-deaf") {
            emptied.set_dirty_at(Revision::NEVER);
        } else if planted("evicted-without-its-end") {
            emptied.set_dirty_at(memo.interval().dirty_at);
        } else {
            emptied.end.succeed(&memo.end);
        }
        emptied.set_mark(if planted("eviction-forgets-mark") {
            Mark::new(false, 0)
        } else {
            memo.mark()
        });
        let old = node.put(&mut state, [looked_at, locked]);
        drop(state);
        discard(old);
        self.evicted(&memo.bound);
        self.uncount(|| bytes(memo).saturating_sub(bytes(&emptied)));
        true
    }

    /// Gives a query's node up that nobody is to tell anything: no reader, no update.
    pub(crate) fn free(&self, edge: Edge, memo: &Counted<Memo>) -> bool {
        // The value of one on a cycle goes with those of the others, which were made beside it.
        if memo.bound.kind().options.cycle.is_some() && self.clock.keeps(edge) {
            return false;
        }
        matches!(memo.bound.kind().work, Work::Query(..)) && self.take_out(edge, memo, true)
    }

    /// Gives a node up that is not wanted any more, if nobody reads it.
    pub(crate) fn drop_unread(&self, edge: Edge, memo: &Counted<Memo>) -> bool {
        self.take_out(edge, memo, false)
    }

    /// Gives an input up that never had another value than its initial one, and that nobody reads.
    /// For who has the writers' turn: a mutation in its closure may have found it.
    pub(crate) fn free_input(&self, edge: Edge, memo: &Counted<Memo>, _turn: &WritersTurn) -> bool {
        let is_initial = memo.changed_at() == Revision::FIRST || planted("set-input-freed");
        let is_input = matches!(memo.bound.kind().work, Work::Input(_));
        is_input && is_initial && self.take_out(edge, memo, true)
    }

    /// `makes_room`: that is why it goes.
    fn take_out(&self, edge: Edge, memo: &Counted<Memo>, makes_room: bool) -> bool {
        if !self.is_unread(edge) && !planted("freed-while-read") {
            return false;
        }
        let node = self.store.node(edge.slot);
        let mut state = node.state.lock();
        if memo.is_entering() || !state.has(memo) || !state.is_idle() {
            return false;
        }
        // From the next revision on nobody moves it any more.
        let over = self.clock.newest().next();
        if memo.end.owned().is_some()
            && memo.interval().dirty_at > over
            && !planted("owner-leaves-its-end")
        {
            memo.set_dirty_at(over);
        }
        let gone = node.empty_under(&mut state);
        drop(state);
        if makes_room && memo.value().is_some() {
            self.evicted(&memo.bound);
        }
        self.uncount(|| self.counted(memo) + gone.1.waited_bytes());
        self.give_up(edge, memo, gone);
        true
    }

    /// Forgets the key of a node that was emptied.
    fn give_up(&self, edge: Edge, memo: &Counted<Memo>, gone: (Option<Counted<Memo>>, State)) {
        let local = &memo.bound.kind().local;
        if local.is_related() || local.id.is_some() {
            self.families.left(edge);
        }
        // Hash is user code: if it panics the slot is lost, and nothing else.
        discard(guarded(|| self.store.give_up(&memo.bound, edge)));
        discard(gone);
        let timer = memo.mark().timer();
        if timer != 0 {
            self.expiries.cancel(timer);
        }
    }

    /// Whether nobody is to be told of a change of this node, once those are left out who have
    /// moved on.
    pub(crate) fn is_unread(&self, edge: Edge) -> bool {
        let readers = |node: &Node| {
            let state = node.state.lock();
            (state.readers.len(), state.readers.passed_on())
        };
        let node = self.store.node(edge.slot);
        match readers(node) {
            (0, _) => true,
            (count, passed_on)
                if count
                    - if planted("passed-on-counted") {
                        0
                    } else {
                        passed_on
                    }
                    <= LOOKS =>
            {
                // Who is faster may have looked too early.
                while !self.compact(edge) {}
                readers(node).0 == 0
            }
            _ => false,
        }
    }

    /// What counted `before` bytes counts `now`.
    pub(crate) fn recount(&self, before: usize, now: usize) {
        if (before, now) != (0, 0) && self.counts_bytes() {
            self.keeper.bytes.fetch_add(now, Ordering::Relaxed);
            self.uncount(|| before);
        }
    }

    fn uncount(&self, bytes: impl FnOnce() -> usize) {
        if self.keeper.budget.is_some() {
            let less = bytes();
            let count = &self.keeper.bytes;
            let _ = count.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |all| {
                Some(all.saturating_sub(less))
            });
        }
    }
}

/// What is counted of a node: what it takes, and the reverse edges that stand for it elsewhere.
fn bytes(memo: &Memo) -> usize {
    let edges = memo.finding().map_or(0, |finding| finding.edges.len());
    size::bytes(memo) + edges as usize * REVERSE
}

#[cfg(test)]
mod tests {
    use std::any::TypeId;

    use super::*;
    use crate::node::bound::Kind;
    use crate::node::edge::Edges;
    use crate::node::end::Until;
    use crate::node::memo::Finding;
    use crate::revision::Revision;
    use crate::runtime::Runtime;

    /// Who was lent it a moment ago, and stands in no list yet, must not believe that it will be told.
    #[tokio::test]
    async fn an_owner_that_goes_closes_its_end_from_the_next_revision_on() {
        let rt = Runtime::new().await;
        let (engine, id) = (rt.engine(), TypeId::of::<()>());
        let kind = || engine.store.kind(id, || Kind::bare(id));
        let hash = engine.store.hash(id, &());
        let found = engine
            .store
            .find_or_make((id, hash), kind, (), Memo::vacant);
        let edge = found.edge();
        drop(found);
        let memo = engine.store.memo(edge).expect("it was made just now");
        let finding = Finding {
            value: None,
            changed_at: Revision::FIRST,
            valid_from: Revision::FIRST,
            edges: Edges::default(),
        };
        let until = Until::At(Revision::NEVER);
        assert!(memo.fill(finding, Mark::PLAIN, until).is_ok());
        let lent = memo.end.share(edge);
        assert_eq!(lent.at(), Revision::NEVER);
        assert!(engine.drop_unread(edge, &memo));
        assert_eq!(lent.at(), Revision::FIRST.next());
    }
}
