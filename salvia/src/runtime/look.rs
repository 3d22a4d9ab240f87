//! A look at a node under its lock, and what it leads to: something to take, an update to wait
//! for, or a claim of one's own, opened in the same critical section.

use crate::bug::planted;
use crate::error::QueryError;
use crate::node::bound::Work;
use crate::node::claim::{Claim, Release};
use crate::node::edge::Edge;
use crate::node::memo::{Memo, Seen};
use crate::node::reason::Reason;
use crate::node::record::Record;
use crate::node::state::State;
use crate::node::verdict::{Verdict, verdict};
use crate::node::waits::Wait;
use crate::runtime::asker::Asker;
use crate::runtime::update::{Change, Lead, Stale};
use crate::sync::{Counted, Thin};

/// What a look under the node's lock leads to.
pub(crate) enum Look {
    /// There it is: a value, or a failure this request has met before.
    Over(Result<Seen, QueryError>),
    /// An update for the same revision: its result is ours.
    Join(Thin<Claim>),
    /// An update for an older revision, which may do.
    Await(Thin<Claim>),
    /// An update of one's own, and what it has to check first.
    Lead(Lead, Option<Stale>),
    /// The node has been given up.
    Gone,
}

impl Asker {
    /// Looks at a node under its lock, and opens a claim there if that is what it takes.
    // Not inlined: its part of the stack would stand under every nested update.
    #[inline(never)]
    pub(crate) fn look(&self, edge: Edge, check: bool, known: &mut Option<Change>) -> Look {
        let node = self.engine().store.node(edge.slot);
        let mut state = node.state.lock();
        let memo = state
            .memo()
            .filter(|memo| memo.edge(edge.slot) == edge || planted("generation-ignored"));
        let Some(memo) = memo else {
            return Look::Gone;
        };
        if let Some(over) = self.without_update(&state, memo, edge, check) {
            return Look::Over(over);
        }
        let revision = self.revision();
        match verdict(memo, &state, revision, check) {
            Verdict::Hit => Look::Over(Ok(Seen::published(memo.clone()))),
            Verdict::Join(claim) => Look::Join(claim),
            Verdict::Await(claim) => Look::Await(claim),
            Verdict::Validate => {
                let claim = self.open_claim(memo, check);
                // What is of no use stays where it is: it may hold the last of a value.
                match known.take_if(|known| known.is_of(memo)) {
                    Some(change) => self.execute_again(&mut state, claim, edge, change),
                    None => {
                        let memo = memo.clone();
                        self.validate(&mut state, claim, memo, edge)
                    }
                }
            }
            Verdict::Execute => {
                let reason = Reason::of(memo);
                let claim = self.open_claim(memo, check);
                self.execute(&mut state, claim, edge, reason)
            }
            Verdict::ExecuteAlone => {
                let claim = self.open_claim(memo, check);
                self.execute(&mut state, claim, edge, Reason::OldSnapshot)
            }
        }
    }

    /// What is there for the taking although the memo does not cover the revision.
    fn without_update(
        &self,
        state: &State,
        memo: &Memo,
        edge: Edge,
        check: bool,
    ) -> Option<Result<Seen, QueryError>> {
        if memo.covers(self.revision()) && (check || memo.value().is_some()) {
            return None;
        }
        if let Work::Input(_) = memo.bound.kind().work {
            let pair = state.older_at(self.revision());
            let pair = pair.expect("a pinned revision's pairs are kept");
            return Some(Ok(Seen::published(pair.clone())));
        }
        if let Some(seen) = self.pin().side(edge) {
            return Some(Ok(seen));
        }
        match self.request()?.outcome(edge)? {
            Release::Ready(seen) => Some(Ok(seen)),
            Release::Failed(error) => Some(Err(error)),
            Release::Aborted => None,
        }
    }

    /// A claim of one's own: for the lead, and for the record.
    fn open_claim(&self, memo: &Memo, check: bool) -> [Thin<Claim>; 2] {
        let claim = self.claim.clone();
        let asker = claim.map(|claim| Wait { claim, check });
        Claim::made_for(memo.bound.clone(), self.revision(), asker)
    }

    fn validate(
        &self,
        state: &mut State,
        [claim, recorded]: [Thin<Claim>; 2],
        memo: Counted<Memo>,
        edge: Edge,
    ) -> Look {
        state.add_record(Box::new(Record::validating(recorded, memo.clone())));
        let stale = Stale {
            dirty_at: memo.interval().dirty_at,
            dirty: state.dirty(),
            memo,
        };
        let reason = Reason::of(&stale.memo);
        Look::Lead(Lead::new(self, claim, edge, reason), Some(stale))
    }

    /// Something is known to have changed: nothing is left to check.
    fn execute_again(
        &self,
        state: &mut State,
        [claim, recorded]: [Thin<Claim>; 2],
        edge: Edge,
        change: Change,
    ) -> Look {
        let record = Record::executing(recorded, false);
        state.add_record(Box::new(record));
        let mut lead = Lead::new(self, claim, edge, Reason::Changed(Some(change.edge)));
        lead.before = Some(change.memo);
        Look::Lead(lead, None)
    }

    fn execute(
        &self,
        state: &mut State,
        [claim, recorded]: [Thin<Claim>; 2],
        edge: Edge,
        reason: Reason,
    ) -> Look {
        let alone = matches!(reason, Reason::OldSnapshot);
        state.add_record(Box::new(Record::executing(recorded, alone)));
        Look::Lead(Lead::new(self, claim, edge, reason), None)
    }
}
