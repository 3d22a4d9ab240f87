//! Which anonymous nodes a path leads through: ids of nodes, whose children they are, whether they are still there.

use std::hash::Hash;

use crate::scope::id::{CallId, Link, mix};
use crate::scope::site::Site;
use crate::scope::slot::{Named, Nth, OfNode, Slot, hash};
use crate::sync::{Arc, AtomicBool, Ordering, Weak};

impl CallId {
    /// The node that the `nth` call of a place makes.
    pub(crate) fn nth_node(&self, site: Site, nth: u64) -> Self {
        self.node(site, Nth(nth), nth)
    }

    /// The node that a call in a slot makes. Hashes the slot, which is user code.
    pub(crate) fn node_in_slot<S>(&self, site: Site, slot: S) -> Self
    where
        S: Eq + Hash + Send + Sync + 'static,
    {
        let hash = hash(&slot);
        self.node(site, Named(slot), hash)
    }

    fn node<S: Slot>(&self, site: Site, slot: S, hash: u64) -> Self {
        let link: Arc<Link> = Arc::new(Link {
            hash: mix(mix(self.path_hash(), site.number()), hash),
            parent: self.clone(),
            site: Some(site),
            slot: OfNode::new(slot),
        });
        CallId(Some(link))
    }

    /// The ids of the path, this one first.
    fn path(&self) -> impl Iterator<Item = &CallId> {
        std::iter::successors(Some(self), |id| id.0.as_ref().map(|link| &link.parent))
    }

    /// Those of them that are ids of anonymous nodes.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = &CallId> {
        self.path().filter(|id| id.flag().is_some())
    }

    /// Whose child the node with this id is: the bound query or anonymous node in whose body it was called. `None` outside
    /// of any.
    pub(crate) fn parent(&self) -> Option<&CallId> {
        let is_body = |id: &&CallId| {
            let link = id.0.as_ref();
            link.is_some_and(|link| link.site.is_none() || link.slot.dropped().is_some())
        };
        self.path().skip(1).find(is_body)
    }

    fn flag(&self) -> Option<&AtomicBool> {
        self.0.as_ref()?.slot.dropped()
    }

    /// Whether the node was dropped, as far as those know who share this id.
    pub(crate) fn is_dropped(&self) -> bool {
        self.flag().is_some_and(|flag| flag.load(Ordering::Acquire))
    }

    /// Tells those who share this id that its node was dropped, or is there.
    pub(crate) fn set_dropped(&self, dropped: bool) {
        if let Some(flag) = self.flag() {
            flag.store(dropped, Ordering::Release);
        }
    }

    /// Where it is in memory.
    pub(crate) fn address(&self) -> usize {
        self.0.as_ref().map_or(0, |link| Arc::as_ptr(link).addr())
    }

    /// Whether the two are one in memory. No user code.
    pub(crate) fn is(&self, other: &CallId) -> bool {
        match (&self.0, &other.0) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (one, other) => one.is_none() && other.is_none(),
        }
    }
}

impl CallId {
    /// The same, without keeping it. `None` outside of any call.
    pub(crate) fn faint(&self) -> Option<FaintId> {
        self.0.as_ref().map(|link| FaintId(Arc::downgrade(link)))
    }
}

/// An id that is found again as long as somebody keeps it.
pub(crate) struct FaintId(Weak<Link>);

impl FaintId {
    pub(crate) fn find(&self) -> Option<CallId> {
        self.0.upgrade().map(|link| CallId(Some(link)))
    }

    /// Whether this is that id in memory. No user code.
    pub(crate) fn is(&self, id: &CallId) -> bool {
        let link = id.0.as_ref();
        link.is_some_and(|link| std::ptr::addr_eq(self.0.as_ptr(), Arc::as_ptr(link)))
    }

    pub(crate) fn is_gone(&self) -> bool {
        self.0.strong_count() == 0
    }
}
