//! Why a body runs.

use crate::node::edge::Edge;
use crate::node::memo::Memo;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Reason {
    /// There is no value yet.
    First,
    /// This edge, if it is known which, leads to something else than before.
    Changed(Option<Edge>),
    /// It had read the outside world, or its time was over.
    Untracked,
    /// The value had been given up.
    Evicted,
    /// For a reader older than the memo.
    OldSnapshot,
}

impl Reason {
    /// Why the body of a node with this memo runs, if nothing that it read has changed.
    pub(crate) fn of(memo: &Memo) -> Self {
        match memo.finding() {
            None => Reason::First,
            Some(finding) if finding.value.is_none() => Reason::Evicted,
            Some(_) if memo.mark().is_volatile() => Reason::Untracked,
            Some(_) => Reason::Changed(None),
        }
    }
}
