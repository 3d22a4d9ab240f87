//! What a change below does to a node: the step of propagation.

use crate::bug::planted;
use crate::node::claim::Claim;
use crate::node::edge::Edge;
use crate::node::memo::Memo;
use crate::node::readers::Readers;
use crate::node::state::State;
use crate::revision::Revision;
use crate::sync::Thin;

/// What a change told a node.
#[derive(Default)]
pub(crate) struct Told {
    /// Whom to tell in turn, since the node was clean.
    pub(crate) onward: Readers,
    /// Whether its memo is dirty from an earlier revision on than it was.
    pub(crate) news: bool,
    /// It borrows the end that this change has moved, so it goes on to read the node that it was told of, and does not stand
    /// there for good yet.
    pub(crate) unlisted: bool,
    /// Running updates that heard of a change earlier than any they knew.
    pub(crate) heard: Vec<Thin<Claim>>,
}

/// Tells a node, under its lock, that its edge `number` to `changed` needs a check from
/// `revision` on. Who reads something else at that number by now is not concerned.
pub(crate) fn tell(
    state: &mut State,
    memo: &Memo,
    number: u32,
    changed: Edge,
    revision: Revision,
) -> Told {
    let mut told = Told::default();
    let mut next = state.first_record_mut();
    while let Some(record) = next
        && !planted("updates-hear-nothing")
    {
        // First: from then on it is known what has been read.
        if !planted("told-beside-reads") {
            record.close();
        }
        if record.edge(number) == Some(changed) && record.hear(number, revision) {
            told.heard.push(record.claim.clone());
        }
        next = record.link().as_deref_mut();
    }
    if memo.read(number) != Some(changed) && !planted("strangers-told") {
        return told;
    }
    if memo.end.is_borrowed() && memo.interval().dirty_at >= revision {
        told.unlisted = !state.is_listed();
        state.set_listed(true);
        return told;
    }
    state.hear(number);
    let dirty_at = memo.interval().dirty_at;
    if dirty_at > revision {
        // Whoever reads a dirty node was told when it became so, or did not subscribe.
        if dirty_at == Revision::NEVER && !planted("propagation-stops") {
            told.onward = state.readers.drain();
        }
        memo.set_dirty_at(revision);
        told.news = true;
    }
    told
}

/// Tells a node, under its lock, that an end has been moved which it borrowed when a reader asked for that. Gives its readers:
/// all of them, also if it has another end by now, for that may have been a moment ago.
pub(crate) fn tell_via(state: &mut State) -> Readers {
    state.readers.drain()
}
