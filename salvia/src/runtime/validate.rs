//! Validation: bring the dirty edges up to date, in the order of their reading, and stop at the
//! first that changed.
//!
//! Clean edges are never visited: they are registered, so a change of theirs would have been
//! heard. Only what a fresh run would ask for is asked for, since the values read before it are
//! known unchanged.

use std::future::poll_fn;

use crate::node::edge::{Edge, ReverseEdge};
use crate::node::memo::Seen;
use crate::revision::Revision;
use crate::runtime::fetch::Fetch;
use crate::runtime::update::{Lead, Stale};

pub(crate) enum Checked {
    /// Everything the memo was made from is as it was.
    Unchanged,
    /// Something is not, or is gone, or fails: run the body, which will see for itself.
    Changed,
}

pub(crate) async fn validate(lead: &Lead, stale: &Stale) -> Checked {
    for number in stale.dirty.iter() {
        let Some(edge) = stale.memo.edges.get(number) else {
            continue;
        };
        match check(lead, edge).await {
            Some(seen) if !seen.changed_since(stale.dirty_at) => confirm(lead, edge, number, &seen),
            _ => return Checked::Changed,
        }
    }
    Checked::Unchanged
}

/// Brings one dependency up to date. `None` if it failed, or if its slot is another node's.
async fn check(lead: &Lead, edge: Edge) -> Option<Seen> {
    let engine = &lead.asker.engine;
    let memo = engine.store.memo(edge)?;
    if memo.covers(lead.revision()) {
        return Some(Seen::published(memo));
    }
    let mut fetch = Fetch::new(edge, memo.bound.clone());
    poll_fn(|cx| fetch.poll(&lead.asker, cx)).await.ok()
}

/// Takes up an unchanged dependency: subscribes to it again.
fn confirm(lead: &Lead, edge: Edge, number: u32, seen: &Seen) {
    let (engine, slot) = (&lead.asker.engine, lead.edge.slot);
    if let Some(record) = lead.node().state.lock().record(lead.claim()) {
        record.note(seen.taken());
    }
    let reader = ReverseEdge {
        reader: slot,
        number,
    };
    let next = engine.subscribe(edge, reader, lead.revision());
    if next != Revision::NEVER {
        engine.hear(slot, lead.claim(), number, next);
    }
}
