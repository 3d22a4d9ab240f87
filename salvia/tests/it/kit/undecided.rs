//! A subscriber for the whole process that never says never.
//!
//! Whether anybody listens to a span is asked once, of whoever comes by first, while there is but one subscriber; and a test
//! without one would answer for another that has its own. This one leaves the question open.

use std::sync::Once;

use ::tracing::span::{Attributes, Id, Record};
use ::tracing::subscriber::{Interest, set_global_default};
use ::tracing::{Event, Metadata, Subscriber};

struct Undecided;

/// Before the first span can be.
pub(crate) fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| set_global_default(Undecided).expect("the tests set no other"));
}

impl Subscriber for Undecided {
    fn register_callsite(&self, _: &'static Metadata<'static>) -> Interest {
        Interest::sometimes()
    }

    fn enabled(&self, _: &Metadata<'_>) -> bool {
        false
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        unreachable!("none is enabled")
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, _: &Event<'_>) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}
