//! Expiry: the end of a value's time, which is a commit of its own, so that no revision has two
//! values. The node is the root of propagation. A value that is replaced takes its timer with it.

use crate::bug::planted;
use crate::node::edge::Edge;
use crate::node::memo::Mark;
use crate::node::readers::Readers;
use crate::revision::Revision;
use crate::runtime::commit::commit_expiry;
use crate::runtime::engine::{Engine, EngineArc};
use crate::sync::{AbortHandle, AtomicU32, HashMap, Instant, Mutex, Ordering, sleep_until};

/// The timers of an engine, numbered from 1. Leaf lock.
#[derive(Default)]
pub(crate) struct Expiries {
    last: AtomicU32,
    timers: Mutex<HashMap<u32, AbortHandle>>,
}

impl Expiries {
    pub(crate) fn number(&self) -> u32 {
        let number = self.last.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        // Not 0, and within what a mark has room for.
        Mark::new(false, number).timer().max(1)
    }

    /// Stops the timer of a value that was replaced.
    pub(crate) fn cancel(&self, timer: u32) {
        if planted("timer-outlives-value") {
            return;
        }
        let timer = self.timers.lock().remove(&timer);
        if let Some(timer) = timer {
            timer.abort();
        }
    }
}

impl Engine {
    /// Makes a node run its body when it is asked for next. Gives its readers, to be told of
    /// `revision`, which nobody has told them yet. `None` if there is nothing to end: it has
    /// another value by now, or is to be looked at anyway.
    pub(crate) fn expire(&self, edge: Edge, timer: u32, revision: Revision) -> Option<Readers> {
        let node = self.store.node(edge.slot);
        let mut state = node.state.lock();
        let memo = state.memo().filter(|memo| memo.edge(edge.slot) == edge);
        let memo = memo.cloned()?;
        if memo.mark().timer() != timer && !planted("timer-outlives-value") {
            return None;
        }
        memo.set_mark(Mark::new(true, timer));
        let dirty_at = memo.interval().dirty_at;
        if dirty_at < revision && state.records().next().is_none() {
            return None;
        }
        // An update that is checking it now will find the mark, and leave it dirty at `revision`.
        if dirty_at > revision {
            memo.set_dirty_at(revision);
            return Some(if planted("expiry-untold") {
                Readers::None
            } else {
                state.readers.drain()
            });
        }
        Some(Readers::None)
    }
}

impl EngineArc {
    /// Ends the value that was marked with `timer` when its time has come.
    pub(crate) fn expire_at(&self, edge: Edge, timer: u32, time: Instant) {
        let engine = self.clone();
        let task = self.tasks.spawn_timer(async move {
            sleep_until(time).await;
            let turn = engine.turn.clone().lock_owned().await;
            // From here on it is a commit, and not to be stopped by a new value.
            engine.expiries.timers.lock().remove(&timer);
            commit_expiry(engine, edge, timer, turn).await;
        });
        let Some(task) = task else { return };
        self.expiries.timers.lock().insert(timer, task);
        let memo = self.store.memo(edge);
        if memo.is_none_or(|memo| memo.mark().timer() != timer) {
            // Replaced before the timer was there to be stopped, or over already.
            self.expiries.cancel(timer);
        }
    }
}
