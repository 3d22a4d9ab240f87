//! Waits-for: which claims a claim's update waits for now, and which wait for it.
//!
//! All of them are of one revision, since a request waits across revisions only for older claims,
//! and those waits close no cycle. A wait of a validation is not final: the check can be given up,
//! and the body run, which may not ask for that node at all.

use std::task::Waker;

use crate::error::Cycle;
use crate::node::claim::Claim;
use crate::node::places::Places;
use crate::sync::Thin;

/// One claim's place in the graph.
#[derive(Default)]
pub(crate) struct Waits {
    /// But for what is polled in place: see `Claim::in_place`.
    pub(crate) wanted: Places<Wait>,
    pub(crate) wanted_by: Places<Wait>,
    /// A check of this claim's validation stands in the way of somebody: run the body instead.
    pub(crate) give_up: bool,
    /// A body of this claim is on a cycle, and its query has a value for that.
    pub(crate) cycle: Option<Cycle>,
    /// Who drives the update, to be woken for either.
    pub(crate) driver: Option<Waker>,
}

/// One end of a wait: the claim at the other end.
#[derive(Clone)]
pub(crate) struct Wait {
    pub(crate) claim: Thin<Claim>,
    /// The wait of a check, not of a body.
    pub(crate) check: bool,
}

impl Waits {
    /// The claims in one direction, with or without the waits of checks.
    pub(crate) fn next(&self, forward: bool, checks: bool) -> Vec<Thin<Claim>> {
        let list = if forward {
            &self.wanted
        } else {
            &self.wanted_by
        };
        let kept = list.iter().filter(|wait| checks || !wait.check);
        kept.map(|wait| wait.claim.clone()).collect()
    }

    /// Whether a check of `claim` waits for this one.
    pub(crate) fn is_checked_by(&self, claim: &Thin<Claim>) -> bool {
        self.wanted_by
            .iter()
            .any(|wait| wait.check && Thin::ptr_eq(&wait.claim, claim))
    }
}
