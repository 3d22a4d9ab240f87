//! What a request for a node at a revision does, given what the node's lock shows.

use crate::bug::planted;
use crate::node::claim::Claim;
use crate::node::memo::Memo;
use crate::node::state::State;
use crate::revision::Revision;
use crate::sync::Thin;

/// More claims than this are not opened at one node while there is an older one to wait for.
const MAX_CLAIMS: usize = 4;

pub(crate) enum Verdict {
    /// The memo is right at the revision.
    Hit,
    /// An update for the same revision: take its result.
    Join(Thin<Claim>),
    /// An update for an older revision: its result may do, look again then.
    Await(Thin<Claim>),
    /// Check the dirty edges, then execute if need be.
    Validate,
    /// Execute, and publish.
    Execute,
    /// The memo has moved past the revision: execute for this snapshot alone.
    ExecuteAlone,
}

/// Decides. `state` says which updates are running at the node; a check does not need the value.
pub(crate) fn verdict(memo: &Memo, state: &State, revision: Revision, check: bool) -> Verdict {
    let interval = memo.interval();
    let covers = interval.covers(revision);
    let wants_value = !check || planted("check-wants-value");
    if covers && (!wants_value || memo.value().is_some() || planted("empty-is-a-hit")) {
        return Verdict::Hit;
    }
    let running = state.records();
    if let Some(same) = running
        .clone()
        .find(|each| each.claim.revision == revision && !planted("claims-not-joined"))
    {
        return Verdict::Join(same.claim.clone());
    }
    if covers {
        // The value was evicted: it has to be made again.
        return Verdict::Execute;
    }
    let has_run = memo.finding().is_some();
    if has_run && revision < interval.valid_from {
        return Verdict::ExecuteAlone;
    }
    // Waits go from new to old only, so they cannot close a cycle.
    let older = running.clone().filter(|each| {
        (!each.alone || planted("private-run-awaited")) && each.claim.revision < revision
    });
    let useful = older
        .clone()
        .find(|each| each.next_change() > revision || planted("pending-ignored"));
    let crowded = || {
        older
            .min_by_key(|each| each.claim.revision)
            .filter(|_| running.count() >= MAX_CLAIMS && !planted("claims-unbounded"))
    };
    match useful.or_else(crowded) {
        Some(older) => Verdict::Await(older.claim.clone()),
        None if has_run && (!memo.mark().is_volatile() || planted("untracked-validated")) => {
            Verdict::Validate
        }
        None => Verdict::Execute,
    }
}
