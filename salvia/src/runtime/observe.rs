//! Telling the observer, and counting: the hooks that stand where something has happened.
//!
//! While nobody listens a hook is one branch, and a relaxed count where it is off the path of a
//! hit. Hooks are called without a lock, for an observer is user code.

use std::time::{Duration, Instant};

use crate::error::{Cycle, QueryError};
use crate::event::{BoundName, Cause, Event, Named};
use crate::node::bound::{Bound, Work};
use crate::node::claim::Claim;
use crate::node::edge::Edge;
use crate::node::reason::Reason;
use crate::revision::Revision;
use crate::runtime::engine::Engine;
use crate::runtime::guard::discard;
use crate::runtime::name::text;
#[cfg(feature = "tracing")]
use crate::runtime::trace;
use crate::runtime::update::Lead;

/// A bound query or input with its name.
struct Of(Bound);

impl Named for Of {
    fn name(&self) -> &str {
        &self.0.kind().name
    }

    fn path(&self) -> &str {
        &self.0.kind().path
    }

    fn text(&self) -> String {
        text(&self.0)
    }

    fn address(&self) -> usize {
        self.0.address()
    }
}

/// The name of a bound query or input, to be rendered by whoever wants to see it.
pub(crate) fn named(bound: &Bound) -> BoundName {
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
        self.listeners.are_there()
    }

    #[cold]
    fn report(&self, event: Event) {
        #[cfg(feature = "tracing")]
        trace::tell(&event);
        self.listeners.tell(&event);
        // It may hold the last of a key.
        discard(event);
    }

    /// The time, if somebody will be told how long something took.
    pub(crate) fn time(&self) -> Option<Instant> {
        self.is_observed().then(Instant::now)
    }

    /// A value was taken away to make room. An input that goes with its initial value has lost nothing that has to be made.
    pub(crate) fn evicted(&self, bound: &Bound) {
        if !matches!(bound.kind().work, Work::Query(..)) {
            return;
        }
        bound.kind().counts.evictions.add(1);
        self.observe(|| Event::Evicted {
            query: named(bound),
            revision: self.clock.revision(),
        });
    }

    pub(crate) fn validated(&self, bound: &Bound, revision: Revision) {
        bound.kind().counts.validations.add(1);
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
        bound.kind().counts.executions.add(1);
        let engine = self.asker().engine();
        engine.observe(|| Event::Executed {
            query: named(bound),
            revision: self.revision(),
            duration: took.unwrap_or_default(),
            cause: engine.cause(self.reason),
        });
    }

    /// The body has ended without a value.
    #[cold]
    pub(crate) fn failed(&self, error: &QueryError, took: Option<Duration>) {
        self.asker().engine().observe(|| Event::Failed {
            query: named(&self.claim().bound),
            revision: self.revision(),
            duration: took.unwrap_or_default(),
            error: error.clone(),
        });
    }

    /// The memo was found right at the revision without a run.
    pub(crate) fn validated(&self) {
        let engine = self.asker().engine();
        engine.validated(&self.claim().bound, self.revision());
    }

    /// The value that was published is, or is not, equal to the one before.
    pub(crate) fn cut_off(&self, is_equal: bool) {
        if !is_equal {
            return;
        }
        let bound = &self.claim().bound;
        bound.kind().counts.cut_offs.add(1);
        self.asker().engine().observe(|| Event::CutOff {
            query: named(bound),
            revision: self.revision(),
        });
    }
}
