//! One update of one node at one revision, under its claim: validate, else execute, then settle.
//!
//! The claim's guard is the [`Lead`], which sits outside the body's future: however the update
//! ends, by value, error, panic or drop, the claim is released and says why.

use crate::bug::planted;
use crate::error::QueryError;
use crate::node::claim::{Claim, Release};
use crate::node::dirty::DirtyEdges;
use crate::node::edge::Edge;
use crate::node::memo::{Memo, Seen};
use crate::node::state::Node;
use crate::revision::Revision;
use crate::runtime::execute::execute;
use crate::runtime::frame::Asker;
use crate::runtime::guard::{discard, wake};
use crate::runtime::validate::{Checked, Checks, validate};
use crate::sync::Arc;

/// The right to bring a node up to date, and the duty to say how it ended.
pub(crate) struct Lead {
    /// For the questions of the update itself, its checks.
    pub(crate) asker: Asker,
    pub(crate) edge: Edge,
    /// What to check first; `None`: execute at once.
    stale: Option<Stale>,
}

/// A memo that went dirty, as it was when the claim was opened.
pub(crate) struct Stale {
    pub(crate) memo: Arc<Memo>,
    pub(crate) dirty_at: Revision,
    pub(crate) dirty: DirtyEdges,
}

/// Runs an update to its end.
pub(crate) async fn update(mut lead: Lead) {
    let release = match lead.run().await {
        Ok(seen) => Release::Ready(seen),
        Err(error) => Release::Failed(error),
    };
    if planted("failure-leaves-record") && matches!(release, Release::Failed(_)) {
        wake(lead.claim().release(release));
        return std::mem::forget(lead);
    }
    lead.release(release);
}

impl Lead {
    /// The update of the node of `edge` under `claim`, asked for by `asker`.
    pub(crate) fn new(asker: &Asker, claim: Arc<Claim>, edge: Edge, stale: Option<Stale>) -> Self {
        let (engine, pin) = (asker.engine.clone(), asker.pin.clone());
        let request = Some(asker.request.clone().unwrap_or_default());
        Lead {
            asker: Asker {
                engine,
                pin,
                claim: Some(claim),
                request,
            },
            edge,
            stale,
        }
    }

    pub(crate) fn claim(&self) -> &Arc<Claim> {
        self.asker
            .claim
            .as_ref()
            .expect("an update has a claim from its making on")
    }

    pub(crate) fn node(&self) -> &Node {
        self.asker.engine.store.node(self.edge.slot)
    }

    pub(crate) fn revision(&self) -> Revision {
        self.asker.revision()
    }

    async fn run(&mut self) -> Result<Seen, QueryError> {
        let Some(stale) = self.stale.take() else {
            return self.execute().await;
        };
        let mut checks = Checks::new(self, &stale);
        let result = match validate(&mut checks).await {
            Checked::Unchanged => Ok(self.renew(&stale)),
            Checked::Changed => {
                self.restart();
                // The checks in flight stay wanted until the run is over, which asks the same.
                // The old memo stays as long, so no value is dropped with the record's.
                self.execute().await
            }
        };
        drop(checks);
        // It may hold the last of a value that was replaced.
        discard(stale);
        result
    }

    async fn execute(&self) -> Result<Seen, QueryError> {
        let (value, standing) = execute(self).await?;
        self.publish(value, standing)
    }

    /// From validation to execution: the reads start anew.
    fn restart(&self) {
        if let Some(record) = self.node().state.lock().record(self.claim()) {
            record.restart();
        }
    }

    /// Takes the record off the node, unless publishing did, and ends the claim.
    fn release(&self, release: Release) {
        let mut state = self.node().state.lock();
        let record = state.take_record(self.claim());
        if let (Release::Failed(_), Some(request)) = (&release, &self.asker.request) {
            // With the record, so that nobody of this request comes between and runs it again.
            request.remember(self.edge, &release);
        }
        drop(state);
        discard(record);
        wake(self.claim().release(release));
    }
}

impl Drop for Lead {
    fn drop(&mut self) {
        if planted("no-release-on-drop") {
            return;
        }
        if planted("abort-renews")
            && let Some(memo) = self.node().memo.get()
            && self.node().state.lock().record(self.claim()).is_some()
        {
            memo.set_dirty_at(Revision::NEVER);
        }
        // The first release counts, so this is one only for an update that was dropped.
        self.release(Release::Aborted);
    }
}
