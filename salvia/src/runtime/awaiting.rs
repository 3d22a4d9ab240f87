//! A fetch that has to wait, for a body or for a check, and how long it does.
//!
//! It is made at the first pending poll of the fetch, and says how long it was there when it goes,
//! with the value or without: so what is taken at once is not measured.

use std::task::{Context, Poll};

use crate::error::QueryError;
use crate::node::edge::Edge;
use crate::node::memo::Seen;
use crate::node::waited::Awaited;
use crate::runtime::fetch::Fetch;
use crate::runtime::frame::Frame;
use crate::sync::{Arc, Instant};

pub(crate) struct Awaiting {
    fetch: Fetch,
    /// Who waits.
    frame: Arc<Frame>,
    /// Since when, if it is an update that does: nobody asks how long a root has waited.
    since: Option<Instant>,
}

impl Awaiting {
    pub(crate) fn new(fetch: Fetch, frame: Arc<Frame>) -> Self {
        let since = frame.asker.claim.as_ref().map(|_| Instant::now());
        frame.note(|record| record.tally().begin());
        Awaiting {
            fetch,
            frame,
            since,
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
        let Some(since) = self.since else { return };
        let (edge, time) = (self.fetch.edge(), since.elapsed());
        self.frame
            .note(|record| record.tally().end(Awaited { edge, time }));
    }
}
