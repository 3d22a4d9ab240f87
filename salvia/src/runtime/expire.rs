//! Expiry: the end of a value's time, which is a commit of its own, so that no revision has two
//! values. The node is the root of propagation.

use std::time::Duration;

use crate::node::edge::{Edge, ReverseEdge};
use crate::node::memo::Mark;
use crate::revision::Revision;
use crate::runtime::commit::commit_expiry;
use crate::runtime::engine::Engine;
use crate::sync::{Arc, AtomicU32, Ordering};

/// Numbers the executions whose values expire, so that a timer knows its own.
pub(crate) struct Expiries(AtomicU32);

impl Default for Expiries {
    fn default() -> Self {
        Expiries(AtomicU32::new(Mark::FIRST_EXPIRY))
    }
}

impl Expiries {
    pub(crate) fn next(&self) -> Mark {
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        Mark::expiry(number)
    }
}

impl Engine {
    /// Ends the value of the execution that was given `mark` when its time has passed.
    pub(crate) fn expire_later(self: &Arc<Self>, edge: Edge, mark: Mark, time: Duration) {
        let engine = self.clone();
        self.tasks.spawn(async move {
            tokio::time::sleep(time).await;
            let turn = engine.turn.clone().lock_owned().await;
            commit_expiry(engine, edge, mark, turn).await;
        });
    }

    /// Makes a node run its body when it is asked for next. Gives its readers, to be told of
    /// `revision`, if nobody has told them yet. `None` if it has another value by now.
    pub(crate) fn expire(
        &self,
        edge: Edge,
        mark: Mark,
        revision: Revision,
    ) -> Option<Vec<ReverseEdge>> {
        let node = self.store.node(edge.slot);
        let mut state = node.state.lock();
        let memo = node.memo.load();
        let memo = memo
            .as_ref()
            .filter(|memo| memo.edge(edge.slot) == edge && memo.mark() == mark)?;
        memo.set_mark(Mark::VOLATILE);
        if memo.interval().dirty_at != Revision::NEVER {
            return None;
        }
        memo.set_dirty_at(revision);
        Some(state.drain())
    }
}
