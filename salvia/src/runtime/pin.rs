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
use crate::runtime::engine::{EngineArc, EngineWeak};
use crate::runtime::guard::discard;
use crate::sync::{
    Arc, AtomicBool, AtomicU64, HashMap, Mutex, OnceLock, Ordering, Swap, TurnGuard, Weak,
};

pub(crate) struct Clock {
    current: Swap<Arc<Pinned>>,
    /// Every revision that is pinned or current, oldest first. Leaf but for the side tables.
    live: Mutex<VecDeque<Live>>,
    /// The oldest of them, to pass the lock by.
    oldest: AtomicU64,
    /// The current one, for who has the writers' turn: nobody else makes another one that.
    newest: AtomicU64,
    at_work: AtWork,
}

/// Whether somebody writes. It goes with the writers' turn, and the clock looks at it.
pub(crate) type AtWork = Arc<AtomicBool>;

pub(crate) type WritersTurn = TurnGuard<AtWork>;

/// The writers' turn of somebody who writes: till its end the end of the runtime leaves the store as it is.
pub(crate) struct Writing(Option<WritersTurn>);

impl Writing {
    pub(crate) fn begin(turn: WritersTurn) -> Self {
        // In one order with the end of the runtime: who sees nobody here is seen by who looks whether that has begun.
        turn.store(!planted("shutdown-sees-no-writer"), Ordering::SeqCst);
        Writing(Some(turn))
    }

    /// Ends it, and gives the turn back.
    pub(crate) fn into_turn(mut self) -> Option<WritersTurn> {
        let turn = self.0.take();
        if let Some(turn) = &turn {
            turn.store(false, Ordering::Release);
        }
        turn
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        if let Some(turn) = &self.0 {
            turn.store(false, Ordering::Release);
        }
    }
}

/// The pin of the revision that was the current one until now.
pub(crate) struct Outdated {
    pin: Arc<Pinned>,
    /// What came after it, if it is the oldest one that is live.
    if_oldest: Option<Revision>,
}

impl Outdated {
    pub(crate) fn revision(&self) -> Revision {
        self.pin.revision
    }
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
    engine: EngineWeak,
    /// Made when it is needed: most revisions are not read for long enough.
    kept: OnceLock<Box<Kept>>,
}

/// What is kept with a pin.
#[derive(Default)]
struct Kept {
    /// Results that are not in their nodes: private ones, and ones the node has moved on from.
    side: Mutex<HashMap<Edge, Seen>>,
    /// Inputs with a pair that this pin may be the last to see.
    inputs: Mutex<Vec<u32>>,
}

impl Clock {
    pub(crate) fn new(engine: EngineWeak, at_work: AtWork) -> Self {
        let clock = Clock {
            current: Swap::vacant(),
            live: Mutex::default(),
            oldest: AtomicU64::new(0),
            newest: AtomicU64::new(0),
            at_work,
        };
        clock.begin(Revision::FIRST, engine);
        clock
    }

    /// Pins the current revision.
    pub(crate) fn pin(&self) -> Arc<Pinned> {
        let pin = self.current.get();
        let pin = pin.expect("the clock always holds the current revision");
        if planted("pin-race") {
            return pin.counted_late(self);
        }
        pin
    }

    pub(crate) fn revision(&self) -> Revision {
        self.pin().revision
    }

    /// The current revision, for who has the writers' turn: so it stays that.
    pub(crate) fn newest(&self) -> Revision {
        Revision::from_raw(self.newest.load(Ordering::Acquire))
    }

    /// Makes `revision` the current one. For who has the writers' turn.
    pub(crate) fn publish(&self, revision: Revision, engine: &EngineArc) -> Outdated {
        let (before, oldest) = self.begin(revision, EngineArc::downgrade(engine));
        let pin = before.expect("the clock always holds the current revision");
        let if_oldest = (oldest == Some(pin.revision)).then_some(revision);
        Outdated { pin, if_oldest }
    }

    /// Makes a revision the current one. Gives the pin of the one before, and the oldest that is live.
    fn begin(
        &self,
        revision: Revision,
        engine: EngineWeak,
    ) -> (Option<Arc<Pinned>>, Option<Revision>) {
        let pinned = Arc::new(Pinned::new(revision, false, engine));
        // It must be known before anybody can pin it, for then its values have to be kept.
        let pin = Arc::downgrade(&pinned);
        let mut live = self.live.lock();
        forget_retired(&mut live);
        live.push_back(Live { revision, pin });
        let oldest = live.front().map(|live| live.revision);
        drop(live);
        let before = self.current.replace(pinned);
        self.newest.store(revision.raw(), Ordering::Release);
        (before, oldest)
    }

    /// Pins nothing any more: who pins from now on is told that the runtime has ended. True if
    /// nobody is left who pinned before, and nobody writes: so nobody is at work in the store.
    pub(crate) fn end(&self) -> bool {
        let mut revision = self.revision();
        let before = loop {
            let last = Pinned::new(revision, true, EngineWeak::default());
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
        let nobody_writes = !self.at_work.load(Ordering::SeqCst);
        let nobody_reads = live.iter().all(|pin| {
            let ours = before
                .as_ref()
                .is_some_and(|before| Arc::ptr_eq(before, pin));
            ours && Arc::strong_count(pin) == 1 + known
        });
        nobody_writes && nobody_reads
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
        forget_retired(&mut live);
        if let Ok(place) = live.binary_search_by_key(&revision, |live| live.revision) {
            live.remove(place);
        }
        if let Some(oldest) = live.front() {
            self.oldest.store(oldest.revision.raw(), Ordering::Release);
        }
    }
}

/// Forgets the oldest ones as far as nobody pins them any more.
fn forget_retired(live: &mut VecDeque<Live>) {
    let is_gone = |live: &Live| live.pin.strong_count() == 0 && !planted("retired-not-forgotten");
    while live.front().is_some_and(is_gone) {
        live.pop_front();
    }
}

impl EngineArc {
    /// Lets go of the pin of a revision that is the current one no more.
    pub(crate) fn retire(&self, outdated: Outdated) {
        // What the end of the runtime has put there was never among those that are live.
        let Some(mut last) = Arc::into_inner(outdated.pin).filter(|pin| !pin.has_ended) else {
            return;
        };
        // So its own drop has nothing to do.
        last.engine = EngineWeak::default();
        match outdated.if_oldest {
            // The next commit finds it among those that are live, which takes no lock of its own.
            Some(after) => self.clock.oldest.store(after.raw(), Ordering::Release),
            None => self.clock.forget(last.revision),
        }
        last.end(Some(self));
    }
}

impl Pinned {
    fn new(revision: Revision, has_ended: bool, engine: EngineWeak) -> Self {
        Pinned {
            revision,
            has_ended,
            engine,
            kept: OnceLock::new(),
        }
    }

    /// The planted bug of a pin whose revision is read in one step, and counted in another.
    fn counted_late(self: Arc<Self>, clock: &Clock) -> Arc<Self> {
        let (revision, engine) = (self.revision, self.engine.clone());
        let known = Arc::downgrade(&self);
        drop(self);
        // Long enough for commits to come between, as they would on a busy machine.
        for _ in 0..20 {
            if clock.newest() <= revision.next() {
                std::thread::sleep(std::time::Duration::from_millis(1));
            }
        }
        let late = || Arc::new(Pinned::new(revision, false, engine));
        known.upgrade().unwrap_or_else(late)
    }

    /// A result kept for this revision. Fits under a node's lock.
    pub(crate) fn side(&self, edge: Edge) -> Option<Seen> {
        self.kept.get()?.side.lock().get(&edge).cloned()
    }

    /// Keeps a result for as long as this revision is pinned. Fits under a node's lock; the
    /// first result for a node stays.
    pub(crate) fn keep(&self, edge: Edge, seen: Seen) {
        self.kept().side.lock().entry(edge).or_insert(seen);
    }

    fn kept(&self) -> &Kept {
        self.kept.get_or_init(Box::default)
    }

    /// The revision is forgotten: drops what only this pin could see.
    fn end(&mut self, engine: Option<&EngineArc>) {
        let Some(mut kept) = self.kept.take() else {
            return;
        };
        let side = std::mem::take(kept.side.get_mut());
        if planted("side-table-leaked") {
            return std::mem::forget(side);
        }
        // One by one: a drop that panics takes no other value with it.
        side.into_values().for_each(discard);
        if let Some(engine) = engine {
            engine.prune(kept.inputs.get_mut(), self.revision);
        }
    }

    /// Asks for another look at an input when this pin goes.
    pub(crate) fn prune_later(&self, slot: u32) {
        if !planted("prune-later-forgotten") {
            self.kept().inputs.lock().push(slot);
        }
    }
}

impl Drop for Pinned {
    fn drop(&mut self) {
        let engine = self.engine.upgrade();
        if let Some(engine) = &engine {
            engine.clock.forget(self.revision);
        }
        self.end(engine.as_ref());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::Runtime;
    use crate::runtime::access::{Input, set};
    use crate::sync::Notify;

    #[derive(Clone, PartialEq, Eq, Hash)]
    struct Cell;

    impl Input<u64> for Cell {
        fn initial(&self) -> u64 {
            0
        }
    }

    /// Commits, and says how many revisions are known to be live then, and from which on.
    async fn commits(rt: &Arc<Runtime>, values: std::ops::Range<u64>) -> (usize, u64) {
        for value in values {
            rt.mutate(async |cx| set(Cell, value, None, &cx).await)
                .await;
        }
        let clock = &rt.engine().clock;
        let live = clock.live.lock().len();
        (live, clock.oldest.load(Ordering::Acquire))
    }

    /// What stands for the current revision then was never among those that are known.
    #[tokio::test]
    async fn a_commit_after_the_end_forgets_nothing_that_is_read() {
        let rt = Runtime::new().await;
        commits(&rt, 1..3).await;
        let read = rt.snapshot();
        let ended = Notify::new();
        let mutation = rt.mutate(async |cx| {
            ended.notified().await;
            set(Cell, 3, None, &cx).await;
        });
        let shutdown = async {
            rt.shutdown().await;
            ended.notify_one();
        };
        futures_util::future::join(mutation, shutdown).await;
        let clock = &rt.engine().clock;
        assert_eq!(clock.oldest.load(Ordering::Acquire), read.revision().raw());
        assert!(
            clock
                .live
                .lock()
                .iter()
                .any(|live| live.revision == read.revision())
        );
    }

    #[tokio::test]
    async fn no_more_revisions_are_known_than_are_read() {
        let rt = Runtime::new().await;
        // What was retired last is found by the next commit.
        assert_eq!(commits(&rt, 1..11).await, (2, 10));
        let old = rt.snapshot();
        assert_eq!(commits(&rt, 11..21).await, (2, 10));
        let newer = rt.snapshot();
        assert_eq!(commits(&rt, 21..31).await, (3, 10));
        drop(old);
        assert_eq!(commits(&rt, 31..32).await, (2, 20));
        drop(newer);
        assert_eq!(commits(&rt, 32..33).await, (2, 32));
    }
}
