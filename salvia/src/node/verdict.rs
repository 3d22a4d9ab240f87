//! What a request for a node at a revision does, given what the node's lock shows.

use crate::bug::planted;
use crate::node::memo::Memo;
use crate::node::record::Record;
use crate::revision::Revision;

/// More claims than this are not opened at one node while there is an older one to wait for.
const MAX_CLAIMS: usize = 4;

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The memo is right at the revision.
    Hit,
    /// The update with this number is for the same revision: take its result.
    Join(usize),
    /// The update with this number is for an older revision: its result may do, look again then.
    Await(usize),
    /// Check the dirty edges, then execute if need be.
    Validate,
    /// Execute, and publish.
    Execute,
    /// The memo has moved past the revision: execute for this snapshot alone.
    ExecuteAlone,
}

/// Decides. `records` are the updates that are running at the node.
pub(crate) fn verdict(memo: &Memo, records: &[Record], revision: Revision) -> Verdict {
    let interval = memo.interval();
    if interval.covers(revision) {
        return Verdict::Hit;
    }
    let claims = records.iter().enumerate();
    if let Some((number, _)) = claims
        .clone()
        .find(|(_, each)| each.claim.revision == revision && !planted("claims-not-joined"))
    {
        return Verdict::Join(number);
    }
    if memo.value.is_some() && revision < interval.valid_from {
        return Verdict::ExecuteAlone;
    }
    // Waits go from new to old only, so they cannot close a cycle.
    let older = claims.filter(|(_, each)| {
        (!each.alone || planted("private-run-awaited")) && each.claim.revision < revision
    });
    let useful = older
        .clone()
        .find(|(_, each)| each.pending > revision || planted("pending-ignored"));
    let crowded = || {
        older
            .min_by_key(|(_, each)| each.claim.revision)
            .filter(|_| records.len() >= MAX_CLAIMS && !planted("claims-unbounded"))
    };
    match useful.or_else(crowded) {
        Some((number, _)) => Verdict::Await(number),
        None if memo.value.is_some()
            && (!memo.mark().is_volatile() || planted("untracked-validated")) =>
        {
            Verdict::Validate
        }
        None => Verdict::Execute,
    }
}
