//! What is noted of nodes until it can be settled: what they have left out, and that they are to go.

use crate::node::edge::Edge;
use crate::revision::Revision;
use crate::scope::CallId;
use crate::sync::{AtomicBool, HashMap, HashSet, Mutex, Ordering};

#[derive(Default)]
pub(crate) struct Notes {
    /// Leaf lock.
    list: Mutex<List>,
    /// Whether there is any note, as the last who had the lock left it: each end of an update of an anonymous node asks, and
    /// most of the time there is none.
    ///
    /// Whoever passes the lock by sees every note that was made before, by the order of another lock or of one thread. That
    /// is enough. Who notes that a node is to go looks then, under the node's lock, whether somebody is at work with it; who
    /// ends that work asks here after having left the node's state, under the same lock. So either the first finds nobody
    /// at work, or the second finds the note. Who makes one of the other notes does not look again: one that is made beside a
    /// question might as well have come after it.
    is_any: AtomicBool,
}

#[derive(Default)]
struct List {
    /// Parents whose families have lost members that could not be buried so far.
    unsettled: HashMap<Edge, Vec<CallId>>,
    /// Parents that are members themselves, and what the run of such a one has left out whose value is stored nowhere.
    unstored: HashMap<Edge, (Revision, Vec<CallId>)>,
    /// Nodes that were at work when they were to go, and the parent whose run had left them out.
    busy: HashMap<Edge, Edge>,
}

impl List {
    fn is_empty(&self) -> bool {
        self.unsettled.is_empty() && self.unstored.is_empty() && self.busy.is_empty()
    }
}

impl Notes {
    /// Notes that members could not be buried, because it is not known whether their parent is what it is at the newest
    /// revision.
    pub(crate) fn unsettle(&self, parent: Edge, lost: Vec<CallId>) {
        self.change(|list| {
            let noted = list.unsettled.entry(parent).or_default();
            noted.extend(lost);
            // Each once, though every run of the parent finds them anew. What goes here is not the last of its kind.
            noted.sort_unstable_by_key(CallId::path_hash);
            noted.dedup_by(|one, other| one.is(other));
        });
    }

    /// What was noted of a parent. It is no more then.
    pub(crate) fn take_unsettled(&self, parent: Edge) -> Vec<CallId> {
        let taken = self.take(|list| list.unsettled.remove(&parent));
        taken.flatten().unwrap_or_default()
    }

    /// Of which of these nodes that is noted.
    pub(crate) fn unsettled(&self, nodes: impl Iterator<Item = Edge>) -> Vec<Edge> {
        if self.are_none() {
            return Vec::new();
        }
        let list = self.list.lock();
        match list.unsettled.is_empty() {
            true => Vec::new(),
            false => nodes
                .filter(|node| list.unsettled.contains_key(node))
                .collect(),
        }
    }

    /// Notes what a run of `parent` at `revision` has left out, until the run ends in which it was called.
    pub(crate) fn note_unstored(&self, parent: Edge, revision: Revision, lost: Vec<CallId>) {
        let before = self.change(|list| list.unstored.insert(parent, (revision, lost)));
        drop(before);
    }

    /// What was noted of these nodes at `revision`. It is no more then.
    pub(crate) fn take_unstored(&self, nodes: &HashSet<Edge>, revision: Revision) -> Vec<CallId> {
        let is_asked = |node: &Edge, _: &mut (Revision, Vec<CallId>)| nodes.contains(node);
        let taken = self.take(|list| list.unstored.extract_if(is_asked).collect::<Vec<_>>());
        let of_now = |(_, (at, lost)): (Edge, (Revision, _))| (at == revision).then_some(lost);
        let taken = taken.into_iter().flatten();
        taken.filter_map(of_now).flatten().collect()
    }

    /// Notes that a node is to go as soon as nobody is at work with it, since a run of `parent` has left it out.
    pub(crate) fn note_busy(&self, node: Edge, parent: Edge) {
        self.change(|list| list.busy.insert(node, parent));
    }

    /// What was noted of a node. It is no more then.
    pub(crate) fn take_busy(&self, node: Edge) -> Option<Edge> {
        self.take(|list| list.busy.remove(&node)).flatten()
    }

    /// A node was given up.
    pub(crate) fn left(&self, edge: Edge) {
        let left = self.take(|list| {
            list.busy.remove(&edge);
            (list.unsettled.remove(&edge), list.unstored.remove(&edge))
        });
        // Ids may be the last of their kind, and slots are user code.
        drop(left);
    }

    /// Takes something out, if anything is noted.
    fn take<T>(&self, take: impl FnOnce(&mut List) -> T) -> Option<T> {
        (!self.are_none()).then(|| self.change(take))
    }

    /// What it gives may have to be dropped, which is left to the caller, who has no lock.
    fn change<T>(&self, change: impl FnOnce(&mut List) -> T) -> T {
        let mut list = self.list.lock();
        let result = change(&mut list);
        self.is_any.store(!list.is_empty(), Ordering::Release);
        result
    }

    fn are_none(&self) -> bool {
        !self.is_any.load(Ordering::Acquire)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::{CallId, call};

    #[test]
    fn what_every_run_finds_unsettled_is_noted_once() {
        let notes = Notes::default();
        let parent = Edge {
            slot: 1,
            generation: 0,
        };
        let ids = [call(CallId::current), call(CallId::current)];
        for _ in 0..3 {
            notes.unsettle(parent, ids.to_vec());
        }
        assert_eq!(notes.take_unsettled(parent).len(), 2);
        assert!(notes.are_none());
    }
}
