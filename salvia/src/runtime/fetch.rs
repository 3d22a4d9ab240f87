//! Fetching: bringing one node up to date at the asker's revision, once a look at its memo
//! alone did not do.
//!
//! Look under the node's lock, then act: take the memo, wait for the update that is running,
//! or lead one. Dropping a fetch at any point disturbs nobody: the update it started lives on in
//! its task.

use std::future::Future;
use std::task::{Context, Poll};

use crate::error::QueryError;
use crate::node::bound::{Bound, Work};
use crate::node::claim::{Claim, Release, Ticket};
use crate::node::edge::Edge;
use crate::node::memo::{Memo, Seen};
use crate::node::record::Record;
use crate::node::state::State;
use crate::node::verdict::{Verdict, verdict};
use crate::runtime::cycle::{Waits, name};
use crate::runtime::frame::Asker;
use crate::runtime::poll::Nested;
use crate::runtime::update::{Lead, Stale, update};
use crate::sync::Arc;

/// What a look under the node's lock leads to.
pub(crate) enum Look {
    Seen(Seen),
    /// An update for the same revision: its result is ours.
    Join(Arc<Claim>),
    /// An update for an older revision, which may do.
    Await(Arc<Claim>),
    Lead(Lead),
}

/// One request for a node. Poll it with the same asker each time.
pub(crate) struct Fetch {
    edge: Edge,
    bound: Arc<Bound>,
    wait: Option<Wait>,
}

/// A place among the waiters of a claim.
struct Wait {
    claim: Arc<Claim>,
    ticket: Option<Ticket>,
    /// In the waits-for graph; roots are in no cycle, and neither are waits across revisions.
    _waits: Option<Waits>,
    across: bool,
}

impl Fetch {
    pub(crate) fn new(edge: Edge, bound: Arc<Bound>) -> Self {
        Fetch {
            edge,
            bound,
            wait: None,
        }
    }

    pub(crate) fn edge(&self) -> Edge {
        self.edge
    }

    pub(crate) fn poll(
        &mut self,
        asker: &Asker,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Seen, QueryError>> {
        loop {
            if let Some(wait) = &mut self.wait {
                match wait.poll(cx) {
                    Some(Release::Ready(seen)) if !wait.across => return Poll::Ready(Ok(seen)),
                    Some(Release::Failed(error)) if !wait.across => return Poll::Ready(Err(error)),
                    Some(_) => self.wait = None,
                    None if !wait.across => return Poll::Pending,
                    None => {}
                }
            }
            match self.look(asker)? {
                Look::Seen(seen) => return Poll::Ready(Ok(seen)),
                Look::Await(claim) if self.waits_for(&claim) => return Poll::Pending,
                Look::Await(claim) => self.wait = Some(Wait::across(claim)),
                Look::Join(claim) => self.wait = Some(Wait::for_result(asker, claim, true)?),
                Look::Lead(lead) => self.wait = Some(self.lead(asker, lead, cx)?),
            }
        }
    }

    fn waits_for(&self, claim: &Arc<Claim>) -> bool {
        self.wait
            .as_ref()
            .is_some_and(|wait| Arc::ptr_eq(&wait.claim, claim))
    }

    fn look(&self, asker: &Asker) -> Result<Look, QueryError> {
        if asker.engine.tasks.is_closed() {
            return Err(QueryError::shutdown(self.bound.kind.name.clone()));
        }
        Ok(asker.look(self.edge))
    }

    /// Polls a new update once in place; it moves into a storage task if it cannot finish.
    fn lead(&self, asker: &Asker, lead: Lead, cx: &mut Context<'_>) -> Result<Wait, QueryError> {
        let claim = lead.claim().clone();
        let wait = Wait::for_result(asker, claim.clone(), false)?;
        let mut update = Box::pin(update(lead));
        let nested = Nested::enter();
        let finished = nested.is_some_and(|nested| {
            let _tokio = nested
                .is_outermost()
                .then(|| asker.engine.tasks.tokio().enter());
            update.as_mut().poll(cx).is_ready()
        });
        if !finished {
            asker.engine.tasks.spawn(update);
            // A tokio that has shut down drops the future inside the call.
            if matches!(claim.outcome(), Some(Release::Aborted)) {
                return Err(QueryError::shutdown(name(&claim)));
            }
        }
        Ok(wait)
    }
}

impl Wait {
    /// Waits for an update of the asker's revision; `check` looks for a cycle first.
    fn for_result(asker: &Asker, claim: Arc<Claim>, check: bool) -> Result<Self, QueryError> {
        let waits = asker.claim.clone().map(|me| Waits::new(me, claim.clone()));
        if let Some(waits) = waits.as_ref().filter(|_| check) {
            waits.check()?;
        }
        Ok(Wait {
            claim,
            ticket: None,
            _waits: waits,
            across: false,
        })
    }

    fn across(claim: Arc<Claim>) -> Self {
        Wait {
            claim,
            ticket: None,
            _waits: None,
            across: true,
        }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Option<Release> {
        self.claim.poll(&mut self.ticket, cx.waker())
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            self.claim.leave(ticket);
        }
    }
}

impl Asker {
    /// Looks at a node under its lock, and opens a claim there if that is what it takes.
    fn look(&self, edge: Edge) -> Look {
        let node = self.engine.store.node(edge.slot);
        let mut state = node.state.lock();
        let memo = node
            .memo
            .get()
            .expect("a node that is asked for has a memo");
        if let Some(seen) = self.without_update(&state, &memo, edge) {
            return Look::Seen(seen);
        }
        let revision = self.revision();
        match verdict(&memo, &state.records, revision) {
            Verdict::Hit => Look::Seen(Seen::published(memo)),
            Verdict::Join(number) => Look::Join(state.records[number].claim.clone()),
            Verdict::Await(number) => Look::Await(state.records[number].claim.clone()),
            Verdict::Validate => Look::Lead(self.validate(&mut state, memo, edge)),
            Verdict::Execute => Look::Lead(self.execute(&mut state, memo, edge, false)),
            Verdict::ExecuteAlone => Look::Lead(self.execute(&mut state, memo, edge, true)),
        }
    }

    /// What is there for the taking although the memo does not cover the revision.
    fn without_update(&self, state: &State, memo: &Memo, edge: Edge) -> Option<Seen> {
        if memo.covers(self.revision()) {
            return None;
        }
        if let Work::Input = memo.bound.kind.work {
            let pair = state.older_at(self.revision());
            return Some(Seen::published(
                pair.expect("a pinned revision's pairs are kept").clone(),
            ));
        }
        self.pin.side(edge)
    }

    fn validate(&self, state: &mut State, memo: Arc<Memo>, edge: Edge) -> Lead {
        let claim = Claim::new(memo.bound.clone(), self.revision());
        state.records.reserve_exact(1);
        state
            .records
            .push(Record::validating(claim.clone(), memo.clone()));
        let stale = Stale {
            dirty_at: memo.interval().dirty_at,
            dirty: state.dirty.clone(),
            memo,
        };
        Lead::new(
            self.engine.clone(),
            self.pin.clone(),
            claim,
            edge,
            Some(stale),
        )
    }

    fn execute(&self, state: &mut State, memo: Arc<Memo>, edge: Edge, alone: bool) -> Lead {
        let claim = Claim::new(memo.bound.clone(), self.revision());
        state.records.reserve_exact(1);
        state.records.push(Record::executing(claim.clone(), alone));
        Lead::new(self.engine.clone(), self.pin.clone(), claim, edge, None)
    }
}
