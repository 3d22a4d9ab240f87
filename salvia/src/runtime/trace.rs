//! Spans and events of the crate `tracing`, with the feature of that name; without it, nothing.
//!
//! A span is one execution. Its parent is the span in which the update was asked for: it is taken up
//! when the update is made, for later it may live in a task of its own; what is told of the update is
//! told in that span. A subscriber is foreign code, so nothing here is called under a lock.

use crate::node::bound::Bound;
use crate::revision::Revision;

/// Where an update was asked for.
#[derive(Clone)]
pub(crate) struct Asked {
    #[cfg(feature = "tracing")]
    span: tracing::Span,
}

impl Asked {
    /// In the span this is called in.
    pub(crate) fn here() -> Self {
        Asked {
            #[cfg(feature = "tracing")]
            span: tracing::Span::current(),
        }
    }

    /// Does something there.
    #[inline]
    pub(crate) fn within<T>(&self, work: impl FnOnce() -> T) -> T {
        #[cfg(feature = "tracing")]
        let _entered = self.span.enter();
        work()
    }

    /// Begins an execution.
    #[cfg_attr(
        not(feature = "tracing"),
        expect(unused_variables, reason = "there is nobody to tell")
    )]
    pub(crate) fn executes(&self, bound: &Bound, revision: Revision) -> Traced {
        Traced {
            #[cfg(feature = "tracing")]
            span: on::span(&self.span, bound, revision),
            #[cfg(feature = "tracing")]
            has_ended: false,
        }
    }
}

/// An execution.
pub(crate) struct Traced {
    #[cfg(feature = "tracing")]
    span: tracing::Span,
    #[cfg(feature = "tracing")]
    has_ended: bool,
}

impl Traced {
    /// Does something in its span.
    #[inline]
    pub(crate) fn within<T>(&self, work: impl FnOnce() -> T) -> T {
        #[cfg(feature = "tracing")]
        let _entered = self.span.enter();
        work()
    }

    /// It has come to its end: with a value, or with a failure.
    #[cfg_attr(
        not(feature = "tracing"),
        expect(unused_variables, reason = "there is nobody to tell")
    )]
    pub(crate) fn ends(&mut self, with_value: bool) {
        #[cfg(feature = "tracing")]
        {
            self.has_ended = true;
            let outcome = if with_value { "value" } else { "failure" };
            self.span.record("outcome", outcome);
        }
    }
}

#[cfg(feature = "tracing")]
impl Drop for Traced {
    fn drop(&mut self) {
        if !self.has_ended {
            self.span.record("outcome", "dropped");
        }
    }
}

#[cfg(feature = "tracing")]
pub(crate) use on::{is_listening, tell};

#[cfg(feature = "tracing")]
mod on {
    use tracing::{Level, Span, debug, debug_span, enabled, field, trace, warn};

    use super::{Bound, Revision};
    use crate::event::Event;
    use crate::runtime::guard::guarded;
    use crate::runtime::name::text;

    pub(super) fn span(parent: &Span, bound: &Bound, revision: Revision) -> Span {
        let name = &bound.kind().name;
        let key = || text(bound).get(name.len()..).unwrap_or_default().to_owned();
        debug_span!(
            target: "salvia",
            parent: parent,
            "execute",
            query = name.as_str(),
            key = key(),
            revision = revision.raw(),
            outcome = field::Empty,
        )
    }

    /// Whether an event is to be made at all.
    pub(crate) fn is_listening() -> bool {
        enabled!(target: "salvia", Level::WARN)
    }

    /// What is wrong is a warning, what happens once a commit or run is for debugging, and the rest is
    /// a trace. A subscriber that panics takes nothing with it.
    pub(crate) fn tell(event: &Event) {
        if let Err(payload) = guarded(|| say(event)) {
            // A payload whose own drop panics would unwind after all.
            std::mem::forget(payload);
        }
    }

    fn say(event: &Event) {
        match event {
            Event::Cycle { .. } => warn!(target: "salvia", "{event}"),
            Event::Executed { .. }
            | Event::Failed { .. }
            | Event::Committed { .. }
            | Event::Evicted { .. }
            | Event::Cancelled { .. } => debug!(target: "salvia", "{event}"),
            Event::Validated { .. } | Event::CutOff { .. } | Event::InputChanged { .. } => {
                trace!(target: "salvia", "{event}");
            }
        }
    }
}
