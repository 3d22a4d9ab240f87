//! Waits-for: who waits for whom, and whether a wait would close a cycle.
//!
//! The wait is written down before the walk looks for a way back, so of two requests that close
//! a cycle together at least one sees it. A cycle is one only if it comes back to the asking
//! claim; it is exact across tasks, and walked on the slow path alone.

use std::collections::HashSet;

use crate::error::QueryError;
use crate::node::claim::Claim;
use crate::runtime::execute::guarded;
use crate::sync::Arc;

/// "The update under `asker` waits for `wanted`", for as long as this lives.
pub(crate) struct Waits {
    asker: Arc<Claim>,
    wanted: Arc<Claim>,
}

impl Waits {
    pub(crate) fn new(asker: Arc<Claim>, wanted: Arc<Claim>) -> Self {
        asker.add_wait(wanted.clone());
        Waits { asker, wanted }
    }

    /// Fails with the whole cycle if this wait closes one.
    pub(crate) fn check(&self) -> Result<(), QueryError> {
        match self.way_back() {
            Some(cycle) => Err(QueryError::cycle(
                cycle.iter().map(|claim| name(claim)).collect(),
            )),
            None => Ok(()),
        }
    }

    /// The claims from the asker round to the one that waits for the asker.
    fn way_back(&self) -> Option<Vec<Arc<Claim>>> {
        let mut seen = HashSet::new();
        // Each entry: a claim to visit, and the place in `trail` of who waits for it.
        let mut trail: Vec<(Arc<Claim>, usize)> = vec![(self.asker.clone(), usize::MAX)];
        let mut todo = vec![(self.wanted.clone(), 0)];
        while let Some((claim, from)) = todo.pop() {
            if Arc::ptr_eq(&claim, &self.asker) {
                return Some(unwind(&trail, from));
            }
            if !seen.insert(Arc::as_ptr(&claim)) {
                continue;
            }
            let here = trail.len();
            todo.extend(claim.waits().into_iter().map(|next| (next, here)));
            trail.push((claim, from));
        }
        None
    }
}

/// Follows the trail back from `last` to its start, and gives it in the order of asking.
fn unwind(trail: &[(Arc<Claim>, usize)], mut last: usize) -> Vec<Arc<Claim>> {
    let mut cycle = Vec::new();
    while let Some((claim, from)) = trail.get(last) {
        cycle.push(claim.clone());
        last = *from;
    }
    cycle.reverse();
    cycle
}

/// The text of a claim's bound query.
pub(crate) fn name(claim: &Claim) -> String {
    // The arguments' `Debug` is user code, and an error is no place to fail in.
    let text = guarded(|| claim.bound.to_string());
    text.unwrap_or_else(|_| format!("{}(..)", claim.bound.kind.name))
}

impl Drop for Waits {
    fn drop(&mut self) {
        self.asker.remove_wait(&self.wanted);
    }
}
