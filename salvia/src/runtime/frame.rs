//! Frames: one execution as its queries see it. A frame knows at which revision to read, and
//! records the reads.
//!
//! A body's frame writes to the record of its claim, which stands at the node; when the record
//! is gone the frame is sealed. A root's frame records nothing. A frame may be used from several
//! threads at once.

use crate::error::QueryError;
use crate::node::claim::Claim;
use crate::node::edge::{Edge, ReverseEdge};
use crate::node::memo::Taken;
use crate::revision::Revision;
use crate::runtime::Runtime;
use crate::runtime::engine::Engine;
use crate::runtime::pin::Pinned;
use crate::sync::{Arc, AtomicBool, AtomicU32, Mutex, OnceLock, Ordering};
use std::task::Waker;

/// Who asks, at which revision.
pub(crate) struct Asker {
    pub(crate) engine: Arc<Engine>,
    pub(crate) pin: Arc<Pinned>,
    /// The update the question is asked for; `None` at a root.
    pub(crate) claim: Option<Arc<Claim>>,
}

impl Asker {
    pub(crate) fn revision(&self) -> Revision {
        self.pin.revision
    }
}

pub(crate) struct Frame {
    pub(crate) asker: Asker,
    /// The slot of the node whose body runs here; of no meaning at a root.
    slot: u32,
    /// Keeps the runtime going: roots only, since storage tasks must not.
    _runtime: Option<Arc<Runtime>>,
    /// How many reads are recorded: what a query called now could know.
    reads: AtomicU32,
    /// A dependency failed, and nobody handles it: the driver drops the body.
    failure: OnceLock<QueryError>,
    /// Whom to wake when a query of this frame fails in another task.
    driver: Mutex<Option<Waker>>,
    /// The body handled a failure itself, so its value must not be stored.
    poisoned: AtomicBool,
}

impl Frame {
    /// The frame of a root: a closure given to `query`.
    pub(crate) fn root(runtime: Arc<Runtime>, pin: Arc<Pinned>) -> Arc<Self> {
        let engine = runtime.engine().clone();
        let asker = Asker {
            engine,
            pin,
            claim: None,
        };
        Arc::new(Frame::new(asker, 0, Some(runtime)))
    }

    /// The frame of a body that runs under `claim` for the node in `slot`.
    pub(crate) fn body(
        engine: Arc<Engine>,
        pin: Arc<Pinned>,
        claim: Arc<Claim>,
        slot: u32,
    ) -> Arc<Self> {
        let asker = Asker {
            engine,
            pin,
            claim: Some(claim),
        };
        Arc::new(Frame::new(asker, slot, None))
    }

    fn new(asker: Asker, slot: u32, runtime: Option<Arc<Runtime>>) -> Self {
        Frame {
            asker,
            slot,
            _runtime: runtime,
            reads: AtomicU32::new(0),
            failure: OnceLock::new(),
            driver: Mutex::new(None),
            poisoned: AtomicBool::new(false),
        }
    }

    /// What a query called now could know: how many values have arrived.
    pub(crate) fn asked_after(&self) -> u32 {
        self.reads.load(Ordering::Relaxed)
    }

    /// Records that the frame takes a value, and subscribes to its next change.
    pub(crate) fn take(&self, edge: Edge, after: u32, taken: Taken) {
        let Some(claim) = &self.asker.claim else {
            return;
        };
        let Some((number, kept)) = self.number(claim, edge, after, taken) else {
            return;
        };
        self.reads.store(number + 1, Ordering::Relaxed);
        let reader = ReverseEdge {
            reader: self.slot,
            number,
        };
        let revision = self.asker.revision();
        let next = if kept {
            self.asker.engine.next_change(edge, revision)
        } else {
            self.asker.engine.subscribe(edge, reader, revision)
        };
        if next != Revision::NEVER {
            self.asker.engine.hear(self.slot, claim, number, next);
        }
    }

    /// Numbers the read where propagation can see it, and says whether the subscription of the
    /// old memo serves. Both in one critical section: from then on a change of the old
    /// subscription is heard either here or in the dirty edges that were looked at.
    fn number(
        &self,
        claim: &Arc<Claim>,
        edge: Edge,
        after: u32,
        taken: Taken,
    ) -> Option<(u32, bool)> {
        let node = self.asker.engine.store.node(self.slot);
        let mut state = node.state.lock();
        let Some(record) = state.record(claim) else {
            drop(state);
            panic!(
                "salvia: a query context was used after the execution of `{}` had ended",
                claim.bound.kind.name
            );
        };
        let number = record.read(edge, after, taken)?;
        let memo = node.memo.load();
        let kept = memo.as_ref().is_some_and(|old| {
            old.edges.get(number) == Some(edge)
                && !state.dirty.contains(number)
                && old.interval().valid_from <= self.asker.revision()
        });
        Some((number, kept))
    }

    /// A dependency failed: marks the frame, so that its driver drops the body and passes the
    /// error on. No unwinding crosses a body that merely asked.
    pub(crate) fn fail(&self, error: QueryError) {
        // The first failure is the one that travels.
        let _ = self.failure.set(error);
        let driver = self.driver.lock().take();
        if let Some(driver) = driver {
            driver.wake();
        }
    }

    pub(crate) fn failure(&self) -> Option<QueryError> {
        self.failure.get().cloned()
    }

    /// Notes whom a failure in another task has to wake.
    pub(crate) fn driven_by(&self, waker: &Waker) {
        let before = self.driver.lock().replace(waker.clone());
        drop(before);
    }

    pub(crate) fn poison(&self) {
        self.poisoned.store(true, Ordering::Release);
    }

    pub(crate) fn is_poisoned(&self) -> bool {
        self.poisoned.load(Ordering::Acquire)
    }
}
