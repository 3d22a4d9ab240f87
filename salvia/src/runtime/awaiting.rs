//! A fetch that has to wait, for a body or for a check, and how long it does.
//!
//! It is made at the first pending poll of the fetch, and ends its wait when it goes, with the value
//! or without: so what is taken at once is not measured.

use std::task::{Context, Poll};
use std::time::Duration;

use crate::error::QueryError;
use crate::node::edge::Edge;
use crate::node::memo::Seen;
use crate::runtime::fetch::Fetch;
use crate::runtime::frame::Frame;
use crate::sync::Thin;

pub(crate) struct Awaiting {
    fetch: Box<Fetch>,
    /// Who waits.
    frame: Thin<Frame>,
    /// How long that had waited before, if it is an update: nobody asks how long a root has waited.
    before: Option<Duration>,
}

impl Awaiting {
    pub(crate) fn new(fetch: Box<Fetch>, frame: Thin<Frame>) -> Self {
        let mut before = None;
        frame.note(|record| before = Some(record.tally().begin()));
        Awaiting {
            fetch,
            frame,
            before,
        }
    }

    pub(crate) fn edge(&self) -> Edge {
        self.fetch.edge()
    }

    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<Seen, QueryError>> {
        self.fetch.poll(&self.frame.asker, cx)
    }
}

impl Drop for Awaiting {
    fn drop(&mut self) {
        let Some(before) = self.before else { return };
        let edge = self.fetch.edge();
        self.frame.note(|record| record.tally().end(edge, before));
    }
}
