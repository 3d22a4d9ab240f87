//! What is noted of nodes until it can be settled: what they have left out, and that they are to go.

use crate::node::edge::Edge;
use crate::revision::Revision;
use crate::scope::CallId;
use crate::sync::{HashMap, HashSet, Mutex};

#[derive(Default)]
pub(crate) struct Notes {
    /// Leaf lock.
    list: Mutex<List>,
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

impl Notes {
    /// Notes that members could not be buried, because it is not known whether their parent is what it is at the newest
    /// revision.
    pub(crate) fn unsettle(&self, parent: Edge, lost: Vec<CallId>) {
        let mut list = self.list.lock();
        list.unsettled.entry(parent).or_default().extend(lost);
    }

    /// What was noted of a parent. It is no more then.
    pub(crate) fn take_unsettled(&self, parent: Edge) -> Vec<CallId> {
        let taken = self.list.lock().unsettled.remove(&parent);
        taken.unwrap_or_default()
    }

    /// Of which of these nodes that is noted.
    pub(crate) fn unsettled(&self, nodes: impl Iterator<Item = Edge>) -> Vec<Edge> {
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
        let mut list = self.list.lock();
        let before = list.unstored.insert(parent, (revision, lost));
        drop(list);
        drop(before);
    }

    /// What was noted of these nodes at `revision`. It is no more then.
    pub(crate) fn take_unstored(&self, nodes: &HashSet<Edge>, revision: Revision) -> Vec<CallId> {
        let mut list = self.list.lock();
        let is_asked = |node: &Edge, _: &mut (Revision, Vec<CallId>)| nodes.contains(node);
        let taken: Vec<_> = list.unstored.extract_if(is_asked).collect();
        drop(list);
        let of_now = |(_, (at, lost)): (Edge, (Revision, _))| (at == revision).then_some(lost);
        taken.into_iter().filter_map(of_now).flatten().collect()
    }

    /// Notes that a node is to go as soon as nobody is at work with it, since a run of `parent` has left it out.
    pub(crate) fn note_busy(&self, node: Edge, parent: Edge) {
        self.list.lock().busy.insert(node, parent);
    }

    /// What was noted of a node. It is no more then.
    pub(crate) fn take_busy(&self, node: Edge) -> Option<Edge> {
        self.list.lock().busy.remove(&node)
    }

    /// A node was given up.
    pub(crate) fn left(&self, edge: Edge) {
        let mut list = self.list.lock();
        let unsettled = list.unsettled.remove(&edge);
        let unstored = list.unstored.remove(&edge);
        list.busy.remove(&edge);
        drop(list);
        // Ids may be the last of their kind, and slots are user code.
        drop((unsettled, unstored));
    }
}
