//! The store: from a bound query or input to its node.
//!
//! The table narrows by hash; keys are compared here, which is user code, outside any lock
//! and against the key in the slot. Each key has one node, whoever asks first.

use std::any::TypeId;
use std::hash::{BuildHasher, Hash};
use std::panic::resume_unwind;

use crate::bug::planted;
use crate::node::bound::{Bound, Kind};
use crate::node::edge::Edge;
use crate::node::memo::Memo;
use crate::node::state::{Node, State};
use crate::runtime::guard::{discard, guarded};
use crate::runtime::kinds::Kinds;
use crate::runtime::slots::{Extent, Slots};
use crate::runtime::table::Table;
use crate::sync::{Common, Counted, KeyHasher, Loaded};
use crate::value::Erased;

pub(crate) struct Store {
    table: Table,
    slots: Slots,
    hasher: KeyHasher,
    kinds: Kinds,
}

/// A node that was looked up, with the memo it had.
pub(crate) struct Found {
    edge: Edge,
    memo: Loaded<Counted<Memo>>,
}

impl Found {
    #[inline]
    pub(crate) fn memo(&self) -> &Counted<Memo> {
        self.memo
            .as_ref()
            .expect("a node in the table has a memo, vacant at least")
    }

    #[inline]
    pub(crate) fn edge(&self) -> Edge {
        self.edge
    }

    /// The memo, to be kept for longer than a look.
    pub(crate) fn into_memo(self) -> Counted<Memo> {
        self.memo
            .expect("a node in the table has a memo, vacant at least")
            .into_owned()
    }
}

impl Store {
    pub(crate) fn new() -> Self {
        Store {
            table: Table::new(),
            slots: Slots::new(),
            hasher: KeyHasher::default(),
            kinds: Kinds::new(),
        }
    }

    /// The hash of a bound query. Calls the key's `Hash`.
    #[inline]
    pub(crate) fn hash<K: Hash>(&self, id: TypeId, key: &K) -> u64 {
        self.hasher.hash_one((id, key))
    }

    /// The node of a key, if it has one. Calls the key's `Eq`; takes no lock.
    #[inline]
    pub(crate) fn find<K: 'static>(
        &self,
        id: TypeId,
        hash: u64,
        same: impl Fn(&K) -> bool,
    ) -> Option<Found> {
        self.find_where(hash, |bound| is(bound, id, &same))
    }

    /// The node with this hash of which `is` says that it is the one; that may be user code. Takes no lock.
    #[inline]
    pub(crate) fn find_where(&self, hash: u64, is: impl Fn(&Bound) -> bool) -> Option<Found> {
        self.table.find(hash, |slot| {
            let memo = self.slots.node(slot).look();
            let there = memo.as_ref()?;
            let edge = there.edge(slot);
            is(&there.bound).then_some(Found { edge, memo })
        })
    }

    /// The node behind an edge, if it is the one that is asked for. Calls the key's `Eq`; takes no lock.
    #[inline]
    pub(crate) fn find_at<K: 'static>(
        &self,
        edge: Edge,
        id: TypeId,
        same: impl Fn(&K) -> bool,
    ) -> Option<Found> {
        let slot = edge.slot;
        let memo = self.slots.node(slot).look();
        let there = memo.as_ref()?;
        // Of another generation it may be one that is not in the table, and never will be.
        let is_there = there.edge(slot) == edge || planted("habit-of-another-node");
        let is_it = is_there && is(&there.bound, id, same) || planted("habit-believed");
        is_it.then_some(Found { edge, memo })
    }

    /// The node of a key that had none a moment ago, made if it still has none. `kind` is asked for, and `first` makes the memo
    /// of a new node from its identity; it may be called and its memo not used. Calls the key's `Eq`.
    pub(crate) fn find_or_make<K: Send + Sync + 'static>(
        &self,
        (id, hash): (TypeId, u64),
        kind: impl FnOnce() -> Common<Kind>,
        key: K,
        first: impl FnOnce(Bound) -> Memo,
    ) -> Found {
        self.find_or_announce((id, hash), kind, key, first, |_| {})
    }

    /// The same. A new node is announced before anybody can find it, and may turn out not to be needed.
    pub(crate) fn find_or_announce<K: Send + Sync + 'static>(
        &self,
        (id, hash): (TypeId, u64),
        kind: impl FnOnce() -> Common<Kind>,
        key: K,
        first: impl FnOnce(Bound) -> Memo,
        announce: impl FnOnce(Edge),
    ) -> Found {
        let seen = self.table.inserts(hash);
        if let Some(found) = self.find_key(id, &key, hash) {
            return found;
        }
        let place = self.slots.take();
        let bound = Bound::new(kind(), place.generation, key);
        let memo = self.fill(place, first(bound));
        let new = Found { edge: place, memo };
        if let Err(payload) = guarded(|| announce(place)) {
            self.take_back(place, new);
            resume_unwind(payload);
        }
        self.enter(hash, new, seen)
    }

    /// Enters a new node, unless somebody else has entered one for the key.
    fn enter(&self, hash: u64, new: Found, mut seen: u64) -> Found {
        let place = new.edge;
        while !self.table.insert(hash, place.slot, seen) {
            seen = self.table.inserts(hash);
            let bound = &new.memo().bound;
            match guarded(|| self.find_key(bound.kind().id, bound.key(), hash)) {
                Ok(None) => {}
                Ok(Some(found)) => {
                    self.take_back(place, new);
                    return found;
                }
                Err(payload) => {
                    self.take_back(place, new);
                    resume_unwind(payload);
                }
            }
        }
        new.memo().entered();
        new
    }

    /// Empties the slot of a node that was not entered after all.
    fn take_back(&self, place: Edge, new: Found) {
        drop(new);
        discard(self.slots.node(place.slot).empty());
        self.slots.give_back(place);
    }

    /// The node of a key whose type is not known here, whatever its generation. Calls the key's `Eq`.
    pub(crate) fn find_key(&self, id: TypeId, key: &Erased, hash: u64) -> Option<Found> {
        self.find_where(hash, |bound| {
            bound.kind().id == id && (bound.kind().keys.same)(bound.key(), key)
        })
    }

    /// The node of a bound query that was given up, made anew if need be. Calls the key's
    /// `Hash`, `Eq` and `Clone`.
    pub(crate) fn readmit(&self, bound: &Bound) -> (Edge, Bound) {
        let hash = self.rehash(bound);
        let seen = self.table.inserts(hash);
        let found = self.find_key(bound.kind().id, bound.key(), hash);
        let found = found.unwrap_or_else(|| {
            let place = self.slots.take();
            let rebind = || (bound.kind().keys.rebind)(bound.kind(), place.generation, bound.key());
            let again = guarded(rebind).unwrap_or_else(|payload| {
                self.slots.give_back(place);
                resume_unwind(payload)
            });
            let memo = self.fill(place, Memo::vacant(again));
            self.enter(hash, Found { edge: place, memo }, seen)
        });
        (found.edge(), found.memo().bound.clone())
    }

    /// Gives a slot up whose node was emptied.
    pub(crate) fn give_up(&self, bound: &Bound, edge: Edge) {
        self.table.remove(self.rehash(bound), edge.slot);
        self.slots.give_back(edge);
    }

    fn rehash(&self, bound: &Bound) -> u64 {
        (bound.kind().keys.place)(&self.hasher, bound.kind().id, bound.key())
    }

    /// Puts the first memo of a node into a slot that was taken.
    fn fill(&self, place: Edge, memo: Memo) -> Loaded<Counted<Memo>> {
        let node = self.slots.node(place.slot);
        let [memo, looked_at, locked] = Counted::several(memo);
        node.put(&mut node.state.lock(), [looked_at, locked]);
        Some(memo.into())
    }

    /// A node that no key leads to.
    pub(crate) fn add_unlisted(&self, bound: impl FnOnce(u32) -> Bound) -> u32 {
        let place = self.slots.take();
        self.fill(place, Memo::vacant(bound(place.generation)));
        place.slot
    }

    /// Takes such a node away, and gives what it held, to be dropped. Reverse edges to it may
    /// still stand somewhere; they are looked at before they are believed.
    pub(crate) fn remove_unlisted(&self, slot: u32) -> (Option<Counted<Memo>>, State) {
        let gone = self.slots.node(slot).empty();
        if let Some(memo) = &gone.0 {
            self.slots.give_back(memo.edge(slot));
        }
        gone
    }

    /// Drops every value, and forgets every node. What is asked afterwards is asked of nothing.
    pub(crate) fn clear(&self) {
        for node in self.slots.all() {
            discard(node.empty());
        }
    }

    /// All nodes with their slots; the vacant ones too.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = (u32, &Node)> {
        self.slots.entries()
    }

    /// No node is in a slot of this number or a higher one.
    pub(crate) fn slots(&self) -> u32 {
        self.slots.len()
    }

    /// The slots of all nodes that there have been so far.
    pub(crate) fn extent(&self) -> Extent {
        self.slots.extent()
    }

    /// All kinds that have been asked for.
    pub(crate) fn kinds(&self) -> Vec<Common<Kind>> {
        self.kinds.all()
    }

    /// The node in a slot, if there are so many.
    pub(crate) fn at(&self, slot: u32) -> Option<&Node> {
        self.slots.get(slot)
    }

    pub(crate) fn node(&self, slot: u32) -> &Node {
        self.slots.node(slot)
    }

    /// The memos of all nodes, each as it is when its turn comes.
    pub(crate) fn all(&self) -> impl Iterator<Item = (Edge, Counted<Memo>)> {
        (0..self.slots.len()).filter_map(|slot| {
            let memo = self.slots.get(slot)?.state.lock().memo()?.clone();
            Some((memo.edge(slot), memo))
        })
    }

    /// The memo behind an edge; `None` if its slot is another node's by now.
    pub(crate) fn memo(&self, edge: Edge) -> Option<Counted<Memo>> {
        let memo = self.slots.node(edge.slot).state.lock().memo()?.clone();
        (memo.bound.generation() == edge.generation || planted("generation-ignored"))
            .then_some(memo)
    }

    /// The kind with this identity, made if need be.
    pub(crate) fn kind(&self, id: TypeId, make: impl FnOnce() -> Common<Kind>) -> Common<Kind> {
        self.kinds.get(id, &self.hasher, make)
    }
}

/// Whether a node is of kind `id`, with the right key. Calls the key's `Eq`.
#[inline]
fn is<K: 'static>(bound: &Bound, id: TypeId, same: impl Fn(&K) -> bool) -> bool {
    bound.kind().id == id && (bound.key_of::<K>().is_some_and(same) || planted("hash-is-identity"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same key in the same slot: what a table would lead to, if it has been entered there.
    #[test]
    fn what_was_read_is_not_what_took_its_place() {
        let (store, id) = (Store::new(), TypeId::of::<()>());
        let kind = || store.kind(id, || Kind::bare(id));
        let hash = store.hash(id, &());
        let found = store.find_or_make((id, hash), kind, (), Memo::vacant);
        let (edge, bound) = (found.edge(), found.memo().bound.clone());
        let find = || store.find_at(edge, id, |&(): &()| true);
        assert_eq!(find().map(|found| found.edge()), Some(edge));
        drop(found);
        discard(store.node(edge.slot).empty());
        store.give_up(&bound, edge);
        assert!(find().is_none());
        let again = store.add_unlisted(|generation| {
            (bound.kind().keys.rebind)(bound.kind(), generation, bound.key())
        });
        assert_eq!(again, edge.slot);
        assert!(find().is_none());
    }
}
