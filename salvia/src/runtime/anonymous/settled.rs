//! Which members are not part of the newest revision: what has to be known before they are declared dropped.
//!
//! A run has left them out, perhaps one of an older revision, and they have no node. That is not enough: the newest run may have
//! called them, and their nodes have gone since, for nobody could subscribe to them, or a run of an older revision has left them
//! out. It shows in what their callers read, which is not there then; so a caller will run again, and say once more what it calls.

use std::iter::successors;

use crate::bug::planted;
use crate::node::edge::Edge;
use crate::runtime::anonymous::later::{Buried, pause};
use crate::runtime::anonymous::node::is_member;
use crate::runtime::anonymous::sweep::batch;
use crate::runtime::engine::{Engine, EngineArc};
use crate::runtime::guard::{discard, guarded};
use crate::runtime::poll::{Doing, Mark};
use crate::scope::CallId;
use crate::sync::HashSet;

impl Engine {
    /// Puts off what is not known to the next run of `top`, if that is there.
    fn unsettle(&self, top: Edge, ids: Vec<CallId>) {
        self.families.notes.unsettle(top, ids);
        let memo = self.store.memo(top);
        if memo.is_none() {
            // Whoever gives it up takes the note off after that: one of the two finds it.
            self.families.notes.left(top);
        }
        discard(memo);
    }

    /// Whether a node is right at the newest revision. Then what it reads is there, and so on down, and of what was called in
    /// its body, or below, all else is not part of that revision. Of a member only its parent knows whether it is part of it.
    fn is_newest(&self, node: Edge) -> bool {
        let memo = self.store.memo(node);
        let is_newest = memo.as_ref().is_some_and(|memo| {
            let is_right = memo.covers(self.clock.revision()) || planted("buried-by-the-past");
            is_right && !is_member(&memo.bound)
        });
        discard(memo);
        is_newest
    }

    /// Whether all is there that these nodes read.
    pub(super) fn has_all(&self, nodes: &[Edge]) -> bool {
        self.are_there(&self.read_by(nodes))
    }
}

impl EngineArc {
    /// Those of the members that may be declared dropped. For who has the turn, which keeps the newest revision that. The others
    /// are looked at again after the next run of their parent.
    pub(super) async fn settled(&self, lost: &Buried) -> Vec<CallId> {
        if !self.may_bury(lost) {
            return Vec::new();
        }
        if lost.unstored_at.is_some() || planted("gone-is-lost") {
            return lost.ids.clone();
        }
        // First who has no node, then the look: what was called and has lost its node by then is missed in that.
        let mut ids = Vec::new();
        for some in lost.ids.chunks(batch()) {
            let nodeless = some.iter().filter(|id| !self.families.has_node(id));
            ids.extend(nodeless.cloned());
            pause(some.len()).await;
        }
        if ids.is_empty() || self.is_sure(lost.top, &ids).await {
            return ids;
        }
        self.unsettle(lost.top, ids);
        Vec::new()
    }

    /// Whether nodes may be declared dropped: if it is known that they are not part of the newest revision.
    fn may_bury(&self, lost: &Buried) -> bool {
        let _mark = Mark::enter(Doing::Mutation, EngineArc::as_ptr(self));
        if lost.unstored_at == Some(self.clock.revision()) || self.is_newest(lost.top) {
            return true;
        }
        // A parent that is gone itself will never be looked at again, and a run that has stored nothing is made again.
        if lost.unstored_at.is_none() {
            self.unsettle(lost.top, lost.ids.clone());
        }
        false
    }

    /// Whether all is there that is read by those who could have called these.
    async fn is_sure(&self, top: Edge, ids: &[CallId]) -> bool {
        let callers = callers(ids);
        for some in callers.chunks(batch()) {
            if !self.have_all(some) {
                return false;
            }
            pause(some.len()).await;
        }
        let _mark = Mark::enter(Doing::Mutation, EngineArc::as_ptr(self));
        self.are_there(&HashSet::from_iter([top])) && self.has_all(&[top])
    }

    /// Whether all is there that is read by the nodes of these ids.
    fn have_all(&self, callers: &[&CallId]) -> bool {
        let _mark = Mark::enter(Doing::Mutation, EngineArc::as_ptr(self));
        let mut nodes = callers.iter().map(|id| self.families.nodes_of(id));
        // Slots are user code.
        let have_all = guarded(|| nodes.all(|nodes| self.has_all(&nodes)));
        have_all.unwrap_or_else(|payload| {
            discard(payload);
            false
        })
    }
}

/// All above these, each once.
fn callers(ids: &[CallId]) -> Vec<&CallId> {
    let mut known = HashSet::default();
    let mut callers = Vec::new();
    for id in ids {
        let above = successors(id.parent(), |id| id.parent());
        callers.extend(above.take_while(|id| known.insert(id.address())));
    }
    callers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::Site;

    /// One between who was called and the query with a name may have lost what it called, too.
    #[test]
    fn all_above_are_callers_and_each_is_one_once() {
        let site = Site::caller();
        let list = CallId::current().nth_node(site, 0);
        let row = list.nth_node(site, 0);
        let cells = [0, 1, 2].map(|nth| row.nth_node(site, nth));
        let callers = callers(&cells);
        assert!(callers[0].is(&row) && callers[1].is(&list));
        assert_eq!(callers.len(), 2);
    }
}
