//! Why a body runs, and, in few bytes, why it last ran and what it waited for.

use crate::node::edge::Edge;
use crate::node::memo::Memo;
use crate::node::waited::Waited;
use crate::revision::Revision;

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

/// The last run of a node whose result was published.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct LastRun {
    pub(crate) at: Revision,
    pub(crate) why: Why,
    /// It came to an equal value.
    pub(crate) cut_off: bool,
}

/// What is kept of a [`Reason`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Why {
    First,
    Untracked,
    Evicted,
    /// The slot of what had changed, if it is known.
    Changed(Option<u32>),
}

/// The last run as its node keeps it: 16 bytes, and a box beside them for who had to wait.
#[derive(Debug)]
pub(crate) enum Ran {
    /// What is packed is 0 if it never did.
    AtOnce { packed: u32, at: Revision },
    /// The run waited, or a check since. When it ran stands in the box.
    Waiting { packed: u32, waited: Box<Waited> },
}

impl Default for Ran {
    fn default() -> Self {
        Ran::new(Revision::FIRST, 0, None)
    }
}

impl Ran {
    /// `waited` is of the run.
    pub(crate) fn new(at: Revision, packed: u32, waited: Option<Box<Waited>>) -> Self {
        match waited {
            None => Ran::AtOnce { packed, at },
            Some(waited) => Ran::Waiting { packed, waited },
        }
    }

    pub(crate) fn last(&self) -> Option<LastRun> {
        match self {
            Ran::AtOnce { packed, at } => LastRun::unpacked(*at, *packed),
            Ran::Waiting { packed, waited } => LastRun::unpacked(waited.ran_at, *packed),
        }
    }

    pub(crate) fn waited(&self) -> Option<&Waited> {
        match self {
            Ran::AtOnce { .. } => None,
            Ran::Waiting { waited, .. } => Some(waited),
        }
    }

    /// The same run, with what a check has waited for since.
    pub(crate) fn checked(&self, mut waited: Box<Waited>) -> Self {
        let (packed, ran_at) = match self {
            Ran::AtOnce { packed, at } => (*packed, *at),
            Ran::Waiting { packed, waited } => (*packed, waited.ran_at),
        };
        waited.ran_at = ran_at;
        Ran::Waiting { packed, waited }
    }
}

/// Marks a packed run that came to an equal value.
const CUT_OFF: u32 = 1 << 31;

impl LastRun {
    /// Reason and cut-off as a number; 0 stays free.
    pub(crate) fn packed(reason: Reason, cut_off: bool) -> u32 {
        let why = match reason {
            Reason::First => 1,
            Reason::Untracked => 2,
            Reason::Evicted => 3,
            // What runs for an old snapshot is not published.
            Reason::Changed(None) | Reason::OldSnapshot => 4,
            // A slot beyond two thousand millions is as good as not known.
            Reason::Changed(Some(edge)) if edge.slot >= CUT_OFF - 5 => 4,
            Reason::Changed(Some(edge)) => edge.slot + 5,
        };
        if cut_off { why | CUT_OFF } else { why }
    }

    pub(crate) fn unpacked(at: Revision, packed: u32) -> Option<Self> {
        let why = match packed & !CUT_OFF {
            0 => return None,
            1 => Why::First,
            2 => Why::Untracked,
            3 => Why::Evicted,
            4 => Why::Changed(None),
            slot => Why::Changed(Some(slot - 5)),
        };
        let cut_off = packed & CUT_OFF != 0;
        Some(LastRun { at, why, cut_off })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_comes_back_as_it_was_packed() {
        let edge = |slot| Edge {
            slot,
            generation: 3,
        };
        let table = [
            (Reason::First, Why::First),
            (Reason::Untracked, Why::Untracked),
            (Reason::Evicted, Why::Evicted),
            (Reason::Changed(None), Why::Changed(None)),
            (Reason::Changed(Some(edge(0))), Why::Changed(Some(0))),
            (Reason::Changed(Some(edge(7))), Why::Changed(Some(7))),
            (Reason::Changed(Some(edge(u32::MAX))), Why::Changed(None)),
        ];
        let at = Revision::FIRST.next();
        for (reason, why) in table {
            for cut_off in [false, true] {
                let packed = LastRun::packed(reason, cut_off);
                let run = LastRun { at, why, cut_off };
                assert_eq!(LastRun::unpacked(at, packed), Some(run));
            }
        }
        assert_eq!(LastRun::unpacked(at, 0), None);
    }

    #[test]
    fn a_node_has_no_more_bytes_for_waits() {
        assert_eq!(size_of::<Ran>(), 16);
    }
}
