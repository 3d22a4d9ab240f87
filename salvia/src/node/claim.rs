//! A claim: the right to bring one node up to date at one revision.
//!
//! Who wants the same node at the same revision waits for the claim and takes the result from
//! it, not from the node, which may have moved on. A release says why, and happens once.
//! Wakers are foreign code: they are handed out, to be woken and dropped outside the lock.

use std::task::Waker;

use crate::bug::planted;
use crate::error::QueryError;
use crate::node::again::Again;
use crate::node::bound::Bound;
use crate::node::memo::Seen;
use crate::node::places::Places;
use crate::node::waits::{Wait, Waits};
use crate::revision::Revision;
use crate::sync::{AtomicU32, Mutex, OnceLock, Ordering, Thin};

pub(crate) struct Claim {
    pub(crate) bound: Bound,
    pub(crate) revision: Revision,
    /// How many reads its update has recorded.
    pub(crate) again: Again,
    /// Who waits for it from its making on, until that goes where all who wait are written down: there it is taken out again.
    /// Leaf lock.
    asker: Mutex<Option<Wait>>,
    /// Made when somebody else waits, or it waits itself: most updates end before.
    shared: OnceLock<Box<Shared>>,
    /// How many updates are polled in place for this one. It waits for them, and only their claims
    /// name it: so it costs no lock.
    in_place: AtomicU32,
}

/// An update that is polled in place, for as long as this lives.
pub(crate) struct InPlace<'a>(&'a Claim);

impl Drop for InPlace<'_> {
    fn drop(&mut self) {
        self.0.in_place.fetch_sub(1, Ordering::Relaxed);
    }
}

struct Shared {
    outcome: Mutex<Outcome>,
    /// Where the claim stands in the waits-for graph. Leaf lock.
    waits: Mutex<Waits>,
}

#[derive(Default)]
struct Outcome {
    release: Option<Release>,
    /// A waiter's number is its place, so that it finds its waker again.
    waiters: Places<Option<Waker>>,
    /// The storage task the update lives in, to be woken when the last waiter goes.
    task: Option<Waker>,
    /// The last waiter went because nobody had waited for it for long.
    forsaken: bool,
}

/// Why a claim ended.
#[derive(Clone)]
pub(crate) enum Release {
    /// The value at the claim's revision, published or private.
    Ready(Seen),
    /// The body or user code failed; it goes to every waiter, and nothing is stored.
    Failed(QueryError),
    /// The update was dropped; whoever still wants the value asks again.
    Aborted,
}

/// A place among a claim's waiters.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ticket(usize);

/// Who wants an update.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Interest {
    Wanted,
    /// Nobody any more; somebody may come back.
    Left,
    /// Nobody, and who wanted it last has lingered in vain itself.
    Forsaken,
}

/// What a waiter finds.
pub(crate) enum Waited {
    Released(Release),
    /// Not yet. The waker that stood in the waiter's place, if any, to be dropped.
    NotYet {
        _before: Option<Waker>,
    },
}

impl Claim {
    pub(crate) fn new(bound: Bound, revision: Revision) -> Thin<Self> {
        let [claim] = Claim::made_for(bound, revision, None);
        claim
    }

    /// The same with who waits for it, which is written down before anybody else sees the claim, and shared by `N`. An
    /// update that ends in place leaves that there; so a claim keeps those of the updates it was
    /// nested in, a thousand at most, until it goes.
    pub(crate) fn made_for<const N: usize>(
        bound: Bound,
        revision: Revision,
        asker: Option<Wait>,
    ) -> [Thin<Self>; N] {
        Thin::several(Claim {
            bound,
            revision,
            again: Again::new(),
            asker: Mutex::new(asker),
            shared: OnceLock::new(),
            in_place: AtomicU32::new(0),
        })
    }

    fn shared(&self) -> &Shared {
        self.shared.get_or_init(|| {
            let asker = self.asker.lock().take();
            Box::new(Shared {
                outcome: Mutex::default(),
                waits: Mutex::new(Waits {
                    wanted_by: asker.map(Places::of).unwrap_or_default(),
                    ..Waits::default()
                }),
            })
        })
    }

    /// Where the claim stands in the waits-for graph. Leaf lock.
    pub(crate) fn waits(&self) -> &Mutex<Waits> {
        &self.shared().waits
    }

    /// Says that an update is polled in place which this one waits for.
    pub(crate) fn polls_in_place(&self) -> InPlace<'_> {
        // In one order with what others count: of two that close a cycle from both ends at least one
        // sees the count of the other, though they may have taken no lock in common.
        self.in_place.fetch_add(1, Ordering::SeqCst);
        InPlace(self)
    }

    /// Whether it waits for more than stands in its `waits`, which who asks has locked.
    pub(crate) fn is_polling_in_place(&self) -> bool {
        self.in_place.load(Ordering::SeqCst) > 0
    }

    /// How the claim ended, or a note of whom to wake when it does, or when its update hears of
    /// a change. Spurious wakes are possible.
    pub(crate) fn wait(&self, ticket: &mut Option<Ticket>, waker: Waker) -> Waited {
        let mut outcome = self.shared().outcome.lock();
        if let Some(release) = outcome.release.clone() {
            drop(outcome);
            return Waited::Released(release);
        }
        outcome.forsaken = false;
        let place = ticket.get_or_insert_with(|| Ticket(outcome.waiters.insert(None)));
        if planted("waiter-not-noted") {
            return Waited::NotYet { _before: None };
        }
        let before = outcome.waiters.get_mut(place.0);
        Waited::NotYet {
            _before: before.and_then(|before| before.replace(waker)),
        }
    }

    /// Takes a waiter out. Gives its waker, to be dropped, and the storage task's, to be woken, if
    /// it was the last. `forsaken` says that this waiter itself was given up.
    pub(crate) fn leave(&self, ticket: Ticket, forsaken: bool) -> (Option<Waker>, Option<Waker>) {
        let mut outcome = self.shared().outcome.lock();
        // After the release there are no waiters.
        if planted("waiter-not-removed") {
            return (None, None);
        }
        let waker = outcome.waiters.remove(ticket.0).flatten();
        let last = outcome.waiters.is_empty() && outcome.release.is_none();
        let task = if last && !planted("last-waiter-unnoticed") {
            outcome.task.take()
        } else {
            None
        };
        outcome.forsaken = last && forsaken;
        (waker, task)
    }

    /// Whether anybody waits. If so, notes the storage task to wake when nobody does any more, and
    /// gives the waker that stood there, to be dropped.
    pub(crate) fn interest(&self, task: Waker) -> (Interest, Option<Waker>) {
        let mut outcome = self.shared().outcome.lock();
        let interest = match (outcome.waiters.is_empty(), outcome.forsaken) {
            (false, _) => Interest::Wanted,
            (true, false) => Interest::Left,
            (true, true) => Interest::Forsaken,
        };
        (interest, outcome.task.replace(task))
    }

    /// Ends the claim, which is done once, and gives whom to wake.
    pub(crate) fn release(&self, release: Release) -> Vec<Waker> {
        let mut outcome = self.shared().outcome.lock();
        outcome.release = Some(release);
        let waiters = std::mem::take(&mut outcome.waiters);
        let task = outcome.task.take();
        drop(outcome);
        if waiters.is_empty() && task.is_none() {
            return Vec::new();
        }
        // Woken once more, the task finds that it has ended.
        let wakers = waiters.into_entries().flatten();
        wakers
            .chain(task)
            .take(if planted("one-waiter-woken") {
                1
            } else {
                usize::MAX
            })
            .collect()
    }

    /// Gives the waiters, to be woken to look again: newer readers no longer wait for an update
    /// that has heard of a change.
    pub(crate) fn waiters(&self) -> Vec<Waker> {
        // Who waits from now on looks at the node once more, and sees what was told.
        let Some(shared) = self.shared.get() else {
            return Vec::new();
        };
        let mut outcome = shared.outcome.lock();
        outcome
            .waiters
            .iter_mut()
            .filter_map(Option::take)
            .collect()
    }
}
