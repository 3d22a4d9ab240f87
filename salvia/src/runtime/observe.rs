//! Telling the observer, and counting: the hooks that stand where something has happened.
//!
//! While nobody listens a hook is one branch, and a relaxed count where it is off the path of a
//! hit. Hooks are called without a lock, for an observer is user code. One that panics has been
//! reported by the panic hook, and is not called again: it could be broken in the same way at
//! every event.

use std::time::{Duration, Instant};

use salvia_thin::Ref;

use crate::error::Cycle;
use crate::event::{BoundName, Cause, Event, Named, Observer};
use crate::node::bound::Bound;
use crate::node::claim::Claim;
use crate::node::edge::Edge;
use crate::node::reason::Reason;
use crate::revision::Revision;
use crate::runtime::engine::Engine;
use crate::runtime::guard::{discard, guarded};
use crate::runtime::name::text;
#[cfg(feature = "tracing")]
use crate::runtime::trace;
use crate::runtime::update::Lead;
use crate::sync::{Arc, AtomicBool, Ordering};
use crate::value::Erased;

/// The observer of a runtime: owned as a value of some type, and called through a thin reference.
pub(crate) struct Listener {
    observer: Box<Erased>,
    thin: fn(&Erased) -> Ref<'_, dyn Observer>,
    has_panicked: AtomicBool,
}

impl Listener {
    pub(crate) fn new<O: Observer + Send + Sync + 'static>(observer: O) -> Self {
        Listener {
            observer: Box::new(observer),
            thin: |observer| {
                let observer: Option<&O> = observer.downcast_ref();
                Ref::new(observer.expect("it has the type it was put in with"))
            },
            has_panicked: AtomicBool::new(false),
        }
    }

    fn tell(&self, event: &Event) {
        if !self.has_panicked.load(Ordering::Acquire) {
            let told = guarded(|| (self.thin)(&*self.observer).event(event));
            if let Err(payload) = told {
                self.has_panicked.store(true, Ordering::Release);
                // A payload whose own drop panics would unwind after all.
                std::mem::forget(payload);
            }
        }
    }
}

/// A bound query or input with its name.
struct Of(Arc<Bound>);

impl Named for Of {
    fn name(&self) -> &str {
        &self.0.kind.name
    }

    fn path(&self) -> &str {
        &self.0.kind.path
    }

    fn text(&self) -> String {
        text(&self.0)
    }
}

/// The name of a bound query or input, to be rendered by whoever wants to see it.
pub(crate) fn named(bound: &Arc<Bound>) -> BoundName {
    BoundName::new(Of(bound.clone()))
}

impl Engine {
    /// Tells the observer, if there is one. Not under a lock.
    #[inline]
    pub(crate) fn observe(&self, event: impl FnOnce() -> Event) {
        if self.is_observed() {
            self.report(event());
        }
    }

    /// Whether anybody is told.
    #[inline]
    fn is_observed(&self) -> bool {
        #[cfg(feature = "tracing")]
        if trace::is_listening() {
            return true;
        }
        self.listener.is_some()
    }

    #[cold]
    fn report(&self, event: Event) {
        #[cfg(feature = "tracing")]
        trace::tell(&event);
        if let Some(listener) = &self.listener {
            listener.tell(&event);
        }
        // It may hold the last of a key.
        discard(event);
    }

    /// The time, if somebody will be told how long something took.
    pub(crate) fn time(&self) -> Option<Instant> {
        self.is_observed().then(Instant::now)
    }

    /// A value was taken away to make room.
    pub(crate) fn evicted(&self, bound: &Arc<Bound>) {
        bound.kind.counts.evictions.add(1);
        self.observe(|| Event::Evicted {
            query: named(bound),
            revision: self.clock.revision(),
        });
    }

    pub(crate) fn validated(&self, bound: &Arc<Bound>, revision: Revision) {
        bound.kind.counts.validations.add(1);
        self.observe(|| Event::Validated {
            query: named(bound),
            revision,
        });
    }

    pub(crate) fn cancelled(&self, claim: &Claim) {
        self.observe(|| Event::Cancelled {
            query: named(&claim.bound),
            revision: claim.revision,
        });
    }

    pub(crate) fn cycle(&self, cycle: &Cycle, revision: Revision) {
        self.observe(|| Event::Cycle {
            participants: cycle.participants().to_vec(),
            revision,
        });
    }

    /// These inputs have other values from `revision` on.
    pub(crate) fn inputs_changed(&self, slots: &[u32], revision: Revision) {
        if !self.is_observed() {
            return;
        }
        for &slot in slots {
            let memo = self.store.node(slot).look();
            let input = memo.as_ref().map(|memo| named(&memo.bound));
            drop(memo);
            if let Some(input) = input {
                self.observe(|| Event::InputChanged { input, revision });
            }
        }
    }

    pub(crate) fn committed(&self, revision: Revision, inputs: usize) {
        self.observe(|| Event::Committed { revision, inputs });
    }

    fn cause(&self, reason: Reason) -> Cause {
        match reason {
            Reason::First => Cause::First,
            Reason::Untracked => Cause::Untracked,
            Reason::Evicted => Cause::Evicted,
            Reason::OldSnapshot => Cause::OldSnapshot,
            Reason::Changed(edge) => Cause::Changed {
                dependency: edge.and_then(|edge| self.name_of(edge)),
            },
        }
    }

    /// The name of what an edge leads to, if that is still there.
    fn name_of(&self, edge: Edge) -> Option<BoundName> {
        self.store.memo(edge).map(|memo| named(&memo.bound))
    }
}

impl Lead {
    /// The body has ended with a value, after `took` if somebody listens.
    // Not inlined: its part of the stack would stand under every nested update.
    #[inline(never)]
    pub(crate) fn executed(&self, took: Option<Duration>) {
        let bound = &self.claim().bound;
        bound.kind.counts.executions.add(1);
        let engine = &self.asker().engine;
        engine.observe(|| Event::Executed {
            query: named(bound),
            revision: self.revision(),
            duration: took.unwrap_or_default(),
            cause: engine.cause(self.reason),
        });
    }

    /// The memo was found right at the revision without a run.
    pub(crate) fn validated(&self) {
        let engine = &self.asker().engine;
        engine.validated(&self.claim().bound, self.revision());
    }

    /// The value that was published is, or is not, equal to the one before.
    pub(crate) fn cut_off(&self, is_equal: bool) {
        if !is_equal {
            return;
        }
        let bound = &self.claim().bound;
        bound.kind.counts.cut_offs.add(1);
        self.asker().engine.observe(|| Event::CutOff {
            query: named(bound),
            revision: self.revision(),
        });
    }
}
