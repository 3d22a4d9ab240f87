//! Frames: one execution as its queries see it. A frame knows at which revision to read, and
//! records the reads.
//!
//! A body's frame writes to the record of its claim, which stands at the node; when the record
//! is gone the frame is sealed. A root's frame records nothing. A frame may be used from several
//! threads at once.

mod recording;

use std::any::TypeId;
use std::borrow::Borrow;
use std::mem::offset_of;
use std::task::Waker;

use crate::bug::planted;
use crate::error::QueryError;
use crate::node::claim::Claim;
use crate::node::edge::Edge;
use crate::node::memo::Memo;
use crate::node::record::Record;
use crate::runtime::Runtime;
use crate::runtime::asker::Asker;
use crate::runtime::asker::View;
use crate::runtime::guard::{discard, wake};
use crate::runtime::habit::Habit;
use crate::runtime::pin::Pinned;
use crate::runtime::store::Found;
use crate::sync::{Arc, AtomicBool, AtomicU32, Counted, MODELLED, Mutex, OnceLock, Ordering, Thin};

/// So many hits a frame takes without a pause.
const HITS_IN_A_ROW: u32 = 4_096;

// In this order: each hit writes to `hits`, which is to be a cache line away from what stands before and after the frame, for
// that may be a memo that another thread reads.
#[repr(C)]
pub(crate) struct Frame {
    pub(crate) asker: Asker,
    /// Keeps the runtime going: roots only, since storage tasks must not.
    _runtime: Option<Arc<Runtime>>,
    /// How many hits were taken since the last yield, and how many inputs were read.
    hits: AtomicU32,
    gets: AtomicU32,
    habit: Habit,
    /// The slot of the node whose body runs here; of no meaning at a root.
    slot: u32,
    /// A dependency failed, and nobody handles it: the driver drops the body.
    failure: OnceLock<QueryError>,
    driver: Mutex<Driver>,
    /// The body handled a failure itself, so its value must not be stored.
    poisoned: AtomicBool,
}

// With the head of what is shared, 16 bytes, and wherever it begins in a line of 64.
const _: () = assert!(
    MODELLED || offset_of!(Frame, hits) >= 48 && size_of::<Frame>() - offset_of!(Frame, gets) >= 68
);

/// Who polls the frame's body or closure.
#[derive(Default)]
struct Driver {
    /// Whom to wake when a query of this frame fails in another task.
    waker: Option<Waker>,
    /// Futures that have failed and stay pending, to be woken when there is no driver any more.
    stranded: Vec<Waker>,
    ended: bool,
}

/// Says that a frame is driven, for as long as this lives.
pub(crate) struct Driven<F: Borrow<Frame>> {
    pub(crate) frame: F,
    is_unseen: bool,
}

impl<F: Borrow<Frame>> Driven<F> {
    pub(crate) fn new(frame: F) -> Self {
        Driven {
            frame,
            is_unseen: false,
        }
    }

    /// Ends it where nobody else has the frame any more, and who drives it was never noted: then there is nobody to be
    /// told, if nothing has failed.
    pub(crate) fn end_unseen(mut self) {
        self.is_unseen = self.frame.borrow().failure.get().is_none();
    }
}

impl<F: Borrow<Frame>> Drop for Driven<F> {
    fn drop(&mut self) {
        if !self.is_unseen {
            self.frame.borrow().end();
        }
    }
}

impl Drop for Frame {
    /// Adds up what was counted, so that a hit writes to nothing that is shared.
    fn drop(&mut self) {
        let hits = self.hits.load(Ordering::Relaxed);
        if hits > 0 {
            self.asker.engine().hits.add(hits.into());
        }
    }
}

/// Counts, and says whether it is time for a pause. Not exact where several threads use the
/// frame, and need not be.
#[inline]
fn is_due(count: &AtomicU32) -> bool {
    let now = count.load(Ordering::Relaxed) + 1;
    let due = now >= HITS_IN_A_ROW;
    count.store(if due { 0 } else { now }, Ordering::Relaxed);
    due
}

impl Frame {
    /// The frame of a root: a closure given to `query`.
    pub(crate) fn root(runtime: Arc<Runtime>, pin: Arc<Pinned>) -> Thin<Self> {
        let engine = runtime.engine().clone();
        let asker = Asker::apart(View { engine, pin }, None);
        Thin::new(Frame::new(asker, 0, Some(runtime)))
    }

    /// The frame of the update under `claim` for the node in `slot`, which `asker` asked for: for its lead, and for its body.
    pub(crate) fn update(asker: &Asker, claim: Thin<Claim>, slot: u32) -> [Thin<Self>; 2] {
        Thin::several(Frame::new(asker.under(claim), slot, None))
    }

    /// The frame of an evaluation of the watch in `slot`, which does not keep the runtime.
    pub(crate) fn watch(view: View, claim: Thin<Claim>, slot: u32) -> Thin<Self> {
        Thin::new(Frame::new(Asker::apart(view, Some(claim)), slot, None))
    }

    fn new(asker: Asker, slot: u32, runtime: Option<Arc<Runtime>>) -> Self {
        Frame {
            asker,
            slot,
            _runtime: runtime,
            habit: Habit::default(),
            hits: AtomicU32::new(0),
            gets: AtomicU32::new(0),
            failure: OnceLock::new(),
            driver: Mutex::default(),
            poisoned: AtomicBool::new(false),
        }
    }

    /// Notes something of the execution in its record, if it has one.
    pub(crate) fn note(&self, note: impl FnOnce(&mut Record)) {
        let Some(claim) = &self.asker.claim else {
            return;
        };
        let mut state = self.asker.engine().store.node(self.slot).state.lock();
        if let Some(record) = state.record(claim) {
            note(record);
        }
    }

    /// The body begins, which has come to `before` the last time.
    pub(crate) fn runs_again(&self, before: &Counted<Memo>) {
        let Some(claim) = self.asker.claim.as_ref() else {
            return;
        };
        if !Habit::is_worth(before) || planted("habit-forgotten") {
            return;
        }
        let store = &self.asker.engine().store;
        let dirty = store.node(self.slot).state.lock().follow(claim, before);
        self.habit.learn(before, dirty, store);
    }

    /// What was read at this place the last time.
    #[inline]
    pub(crate) fn guess(&self) -> Option<Edge> {
        self.habit.guess()
    }

    /// The node that is asked for, if it is the one that was guessed. Else `was_wrong` has to be told what it is. Calls the
    /// key's `Eq`, also for keys of another hash; takes no lock.
    #[inline]
    pub(crate) fn find_again<K: 'static>(
        &self,
        guess: Edge,
        id: TypeId,
        same: impl Fn(&K) -> bool,
    ) -> Option<Found> {
        let found = self.asker.engine().store.find_at(guess, id, same)?;
        self.habit.was_right();
        Some(found)
    }

    /// What is asked for is not what was guessed, but this, if it is there at all.
    #[cold]
    pub(crate) fn was_wrong(&self, found: Option<&Found>) {
        if !planted("wrong-guess-unnoticed") {
            self.habit.was_wrong(found.map(Found::edge));
        }
    }

    /// What a query called now could know: how many values have arrived.
    #[inline]
    pub(crate) fn asked_after(&self) -> u32 {
        let claim = self.asker.claim.as_ref();
        claim.map_or(0, |claim| claim.again.count())
    }

    /// Whether it is time to let other tasks run: a body that only takes hits never waits. Counts
    /// the call as a hit until it turns out to be none.
    #[inline]
    pub(crate) fn is_yield_due(&self) -> bool {
        let due = is_due(&self.hits) && !planted("no-yield");
        if due {
            self.asker.engine().hits.add(u64::from(HITS_IN_A_ROW) - 1);
        }
        due
    }

    /// The same for reading an input.
    #[inline]
    pub(crate) fn is_yield_due_for_input(&self) -> bool {
        is_due(&self.gets)
    }

    /// A call was none of the hits.
    pub(crate) fn missed(&self) {
        let hits = self.hits.load(Ordering::Relaxed);
        self.hits.store(hits.saturating_sub(1), Ordering::Relaxed);
    }

    /// A dependency failed: marks the frame, so that its driver drops the body and passes the
    /// error on. No unwinding crosses a body that merely asked. The asking future stays pending;
    /// if it is polled in a task of its own, that is woken when the frame has ended.
    pub(crate) fn fail(&self, error: &QueryError, asking: &Waker) {
        let asking = asking.clone();
        // The first failure is the one that travels.
        let _ = self.failure.set(error.clone());
        let mut driver = self.driver.lock();
        let waker = if driver.ended {
            Some(asking)
        } else {
            driver.stranded.push(asking);
            driver
                .waker
                .take()
                .filter(|_| !planted("failure-wakes-nobody"))
        };
        drop(driver);
        wake(waker);
    }

    pub(crate) fn failure(&self) -> Option<QueryError> {
        self.failure.get().cloned()
    }

    /// Notes whom a failure in another task has to wake.
    pub(crate) fn driven_by(&self, waker: &Waker) {
        let waker = waker.clone();
        let before = self.driver.lock().waker.replace(waker);
        discard(before);
    }

    /// Whether nobody drives the frame any more, so that nobody could pass an error on.
    pub(crate) fn has_ended(&self) -> bool {
        self.driver.lock().ended
    }

    fn end(&self) {
        let mut driver = self.driver.lock();
        driver.ended = true;
        let (waker, stranded) = (driver.waker.take(), std::mem::take(&mut driver.stranded));
        drop(driver);
        discard(waker);
        wake(stranded);
    }

    pub(crate) fn poison(&self) {
        self.poisoned.store(true, Ordering::Release);
    }

    pub(crate) fn is_poisoned(&self) -> bool {
        self.poisoned.load(Ordering::Acquire)
    }
}
