//! Whether anything has happened, asked a few times a second; and what each revision was like.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use salvia::Revision;
use serde::{Deserialize, Serialize};

use super::{json, millis};
use crate::history::Counts;
use crate::shared::Shared;

#[derive(Deserialize)]
pub(crate) struct Asked {
    /// The count of what has happened, as the page knows it.
    after: Option<u64>,
}

#[derive(Serialize)]
struct Pulse {
    change: u64,
    /// The newest; `None` if the runtime has ended.
    revision: Option<String>,
    /// Left out if nothing has happened since.
    timeline: Option<Vec<Moment>>,
}

/// One revision.
#[derive(Serialize)]
pub(super) struct Moment {
    revision: String,
    /// Milliseconds since the inspector began.
    at: f64,
    inputs: u64,
    executed: u64,
    failed: u64,
    validated: u64,
    cut_off: u64,
    evicted: u64,
    cancelled: u64,
    cycles: u64,
}

impl Moment {
    pub(super) fn new(revision: Revision, at: std::time::Duration, counts: Counts) -> Self {
        Moment {
            revision: revision.to_string(),
            at: millis(at),
            inputs: counts.inputs,
            executed: counts.executed,
            failed: counts.failed,
            validated: counts.validated,
            cut_off: counts.cut_off,
            evicted: counts.evicted,
            cancelled: counts.cancelled,
            cycles: counts.cycles,
        }
    }
}

pub(crate) async fn answer(
    State(shared): State<Arc<Shared>>,
    Query(asked): Query<Asked>,
) -> Response {
    let change = shared.history.change();
    let timeline = (asked.after != Some(change)).then(|| {
        let steps = shared.history.timeline().into_iter();
        steps
            .map(|(revision, at, counts)| Moment::new(revision, at, counts))
            .collect()
    });
    json(&Pulse {
        change,
        revision: shared
            .runtime()
            .map(|runtime| runtime.revision().to_string()),
        timeline,
    })
}
