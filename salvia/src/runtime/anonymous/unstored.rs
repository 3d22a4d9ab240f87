//! Runs that store no value, since they have handled a failure or are part of a cycle: what those leave out goes too.
//!
//! No memo says what such a run has called, so it says so itself when it ends. It speaks of its revision alone: if that is
//! the newest, what it left out is gone, but for what the last stored value was made from, which a run without the failure
//! would find again. What is called in a row belongs to the newest revision if the row does, so it waits for the end of the
//! run in which the row was called.

use crate::node::bound::Bound;
use crate::node::edge::Edge;
use crate::node::memo::{Seen, Standing};
use crate::revision::Revision;
use crate::runtime::anonymous::later::{Buried, Work};
use crate::runtime::anonymous::node::is_member;
use crate::runtime::anonymous::sweep::{Losses, Sweep};
use crate::runtime::engine::{Engine, EngineArc};
use crate::runtime::guard::{discard, guarded};
use crate::runtime::update::Lead;
use crate::sync::HashSet;

/// What a run has called that will store no value.
pub(crate) struct Unstored {
    called: HashSet<Edge>,
    pub(super) at: Revision,
}

impl Unstored {
    /// What the run has called that has given this.
    pub(super) fn of(seen: &Seen, at: Revision) -> Self {
        Unstored {
            called: seen.memo.reads().collect(),
            at,
        }
    }
}

impl Lead {
    /// What the run has called that is about to give a value of this standing. `None` if it will be stored, or what it
    /// called is not known.
    #[inline]
    pub(crate) fn unstored(&self, standing: Standing) -> Option<Unstored> {
        match self.claim().bound.kind().local.is_related() {
            true => self.called(standing),
            false => None,
        }
    }

    #[inline(never)]
    fn called(&self, standing: Standing) -> Option<Unstored> {
        let mut state = self.node().state.lock();
        let record = state.record(self.claim())?;
        let is_stored = standing.max(record.standing) == Standing::Published;
        if is_stored || record.alone {
            return None;
        }
        let called = (0..).map_while(|number| record.edge(number)).collect();
        let at = self.revision();
        Some(Unstored { called, at })
    }
}

impl Engine {
    /// Whether all these nodes have memos that are right at a revision.
    pub(super) fn are_right(&self, nodes: &[Edge], at: Revision) -> bool {
        nodes.iter().all(|node| {
            let memo = self.store.memo(*node);
            let is_right = memo.as_ref().is_some_and(|memo| memo.covers(at));
            discard(memo);
            is_right
        })
    }
}

impl EngineArc {
    pub(super) fn sweep_unstored(&self, parent: Edge, bound: &Bound, unstored: Unstored) {
        if unstored.at != self.clock.revision() {
            return;
        }
        // Slots and keys are user code.
        let found = guarded(|| {
            let (id, nodes) = self.with_id_of(parent, bound);
            let mut called = self.read_by(&nodes);
            called.extend(&unstored.called);
            (self.families.lost(&id, &called), called)
        });
        let Ok((lost, called)) = found.map_err(discard) else {
            return;
        };
        // What was called, or read by the old memo, may have been collected meanwhile; then it is not known by its node.
        if self.are_there(&called) {
            let is_row = is_member(bound);
            self.begin(Sweep::with(Losses {
                parent,
                below: Vec::new(),
                lost,
                is_unsure: false,
                ids: Vec::new(),
                unstored: Some((unstored, is_row)),
            }));
        }
    }

    pub(super) fn bury_unstored(&self, losses: Losses) {
        let Losses {
            parent,
            mut ids,
            unstored: Some((Unstored { called, at }, is_row)),
            ..
        } = losses
        else {
            return;
        };
        ids.extend(self.families.notes.take_unstored(&called, at));
        let settled = self
            .families
            .notes
            .unsettled(called.into_iter().chain([parent]));
        for node in settled {
            // What it called may have gone since; then it has to run again, and to say so itself.
            if !self.has_all(&[node]) {
                continue;
            }
            let left = self.families.notes.take_unsettled(node);
            // What is there again was called again.
            ids.extend(
                left.into_iter()
                    .filter(|id| self.families.nodes_of(id).is_empty()),
            );
        }
        if ids.is_empty() {
            return;
        }
        if !is_row {
            return self.with_turn(Work::Bury(Buried::unstored(parent, ids, at)));
        }
        if let Some(memo) = self.store.memo(parent) {
            self.families.notes.note_unstored(parent, at, ids);
            discard(memo);
        }
    }
}
