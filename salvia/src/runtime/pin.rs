//! Which revision is current, and which ones somebody still reads.
//!
//! A pin is a counted reference to the [`Pinned`] of its revision, so taking and dropping one
//! is a count. The current revision's is held by the clock. What only a pin can still see hangs
//! off it and goes with it: side results, and the word to look at inputs whose older pairs it
//! kept. Loading the current pin and counting it is one atomic step against a commit that
//! replaces it, so a pinned revision is never collected between the two.

use std::collections::VecDeque;

use crate::bug::planted;
use crate::node::edge::Edge;
use crate::node::interval::Interval;
use crate::node::memo::Seen;
use crate::revision::Revision;
use crate::runtime::engine::Engine;
use crate::runtime::guard::discard;
use crate::sync::{Arc, AtomicBool, AtomicU64, HashMap, Mutex, Ordering, Swap, Weak};

pub(crate) struct Clock {
    current: Swap<Arc<Pinned>>,
    /// Every revision that is pinned or current, oldest first. Leaf but for the side tables.
    live: Mutex<VecDeque<Live>>,
    /// The oldest of them, to pass the lock by.
    oldest: AtomicU64,
}

/// A revision that is pinned or current.
struct Live {
    revision: Revision,
    pin: Weak<Pinned>,
}

/// A revision that somebody reads.
pub(crate) struct Pinned {
    pub(crate) revision: Revision,
    /// The runtime had ended when this was made: what was at its nodes may be gone.
    pub(crate) has_ended: bool,
    engine: Weak<Engine>,
    /// Results that are not in their nodes: private ones, and ones the node has moved on from.
    side: Mutex<HashMap<Edge, Seen>>,
    /// Whether `side` has ever held anything.
    side_used: AtomicBool,
    /// Inputs with a pair that this pin may be the last to see.
    inputs: Mutex<Vec<u32>>,
}

impl Clock {
    pub(crate) fn new(engine: Weak<Engine>) -> Self {
        let clock = Clock {
            current: Swap::vacant(),
            live: Mutex::default(),
            oldest: AtomicU64::new(0),
        };
        clock.publish(Revision::FIRST, engine);
        clock
    }

    /// Pins the current revision.
    pub(crate) fn pin(&self) -> Arc<Pinned> {
        let pin = self.current.get();
        let pin = pin.expect("the clock always holds the current revision");
        if planted("pin-race") {
            return pin.counted_late();
        }
        pin
    }

    pub(crate) fn revision(&self) -> Revision {
        self.pin().revision
    }

    /// Makes `revision` the current one, and gives its pin.
    pub(crate) fn publish(&self, revision: Revision, engine: Weak<Engine>) -> Arc<Pinned> {
        let pinned = Arc::new(Pinned::new(revision, false, engine));
        // It must be known before anybody can pin it, for then its values have to be kept.
        let pin = Arc::downgrade(&pinned);
        self.live.lock().push_back(Live { revision, pin });
        let before = self.current.replace(pinned.clone());
        drop(before);
        pinned
    }

    /// Pins nothing any more: who pins from now on is told that the runtime has ended. True if
    /// nobody is left who pinned before, and so nobody who may be at work in the store.
    pub(crate) fn end(&self) -> bool {
        let mut revision = self.revision();
        let before = loop {
            let last = Pinned::new(revision, true, Weak::new());
            // In one step against everybody who pins, as always: none is missed in the count.
            let before = self.current.replace(Arc::new(last));
            match before {
                // A commit that had begun before the end came between.
                Some(newer) if newer.revision > revision => revision = newer.revision,
                before => break before,
            }
        };
        let live: Vec<_> = self
            .live
            .lock()
            .iter()
            .filter_map(|live| live.pin.upgrade())
            .collect();
        let known = usize::from(before.is_some());
        live.iter().all(|pin| {
            let ours = before
                .as_ref()
                .is_some_and(|before| Arc::ptr_eq(before, pin));
            ours && Arc::strong_count(pin) == 1 + known
        })
    }

    /// The live pins an interval covers, oldest first.
    pub(crate) fn covered(&self, interval: Interval) -> Vec<Arc<Pinned>> {
        let Interval {
            valid_from,
            dirty_at,
        } = interval;
        if valid_from >= dirty_at || dirty_at.raw() <= self.oldest.load(Ordering::Acquire) {
            return Vec::new();
        }
        let live = self.live.lock();
        let first = live.partition_point(|live| live.revision < valid_from);
        let covered = live
            .range(first..)
            .take_while(|live| live.revision < dirty_at);
        covered.filter_map(|live| live.pin.upgrade()).collect()
    }

    /// Whether a result for a node is kept with any pin.
    pub(crate) fn keeps(&self, edge: Edge) -> bool {
        let live = self.live.lock();
        let pins: Vec<_> = live.iter().filter_map(|live| live.pin.upgrade()).collect();
        drop(live);
        pins.iter().any(|pin| pin.side(edge).is_some())
    }

    fn forget(&self, revision: Revision) {
        let mut live = self.live.lock();
        if let Ok(place) = live.binary_search_by_key(&revision, |live| live.revision) {
            live.remove(place);
        }
        if let Some(oldest) = live.front() {
            self.oldest.store(oldest.revision.raw(), Ordering::Release);
        }
    }
}

impl Pinned {
    fn new(revision: Revision, has_ended: bool, engine: Weak<Engine>) -> Self {
        Pinned {
            revision,
            has_ended,
            engine,
            side: Mutex::default(),
            side_used: AtomicBool::new(false),
            inputs: Mutex::default(),
        }
    }

    /// The planted bug of a pin whose revision is read in one step, and counted in another.
    fn counted_late(self: Arc<Self>) -> Arc<Self> {
        let (revision, engine) = (self.revision, self.engine.clone());
        let known = Arc::downgrade(&self);
        drop(self);
        // Long enough for commits to come between, as they would on a busy machine.
        std::thread::sleep(std::time::Duration::from_millis(1));
        let late = || Arc::new(Pinned::new(revision, false, engine));
        known.upgrade().unwrap_or_else(late)
    }

    /// A result kept for this revision. Fits under a node's lock.
    pub(crate) fn side(&self, edge: Edge) -> Option<Seen> {
        if !self.side_used.load(Ordering::Acquire) {
            return None;
        }
        self.side.lock().get(&edge).cloned()
    }

    /// Keeps a result for as long as this revision is pinned. Fits under a node's lock; the
    /// first result for a node stays.
    pub(crate) fn keep(&self, edge: Edge, seen: Seen) {
        self.side.lock().entry(edge).or_insert(seen);
        self.side_used.store(true, Ordering::Release);
    }

    /// Asks for another look at an input when this pin goes.
    pub(crate) fn prune_later(&self, slot: u32) {
        if !planted("prune-later-forgotten") {
            self.inputs.lock().push(slot);
        }
    }
}

impl Drop for Pinned {
    fn drop(&mut self) {
        // One by one: a drop that panics takes no other value with it.
        let side = std::mem::take(self.side.get_mut());
        if planted("side-table-leaked") {
            return std::mem::forget(side);
        }
        side.into_values().for_each(discard);
        let Some(engine) = self.engine.upgrade() else {
            return;
        };
        engine.clock.forget(self.revision);
        let inputs = std::mem::take(self.inputs.get_mut());
        engine.prune(&inputs, self.revision);
    }
}
