//! One update of one node at one revision, under its claim: validate, else execute, then settle.
//!
//! The claim's guard is the [`Lead`], which sits outside the body's future: however the update
//! ends, by value, error, panic or drop, the claim is released and says why. Nothing in an update
//! is pinned but the boxed body, so one that ends at its first poll never leaves the stack.

use std::task::{Context, Poll, ready};

use crate::bug::planted;
use crate::error::QueryError;
use crate::node::claim::{Claim, Release};
use crate::node::dirty::DirtyEdges;
use crate::node::edge::Edge;
use crate::node::memo::{Memo, Seen, Standing};
use crate::node::reason::Reason;
use crate::node::state::Node;
use crate::revision::Revision;
use crate::runtime::asker::Asker;
use crate::runtime::engine::EngineArc;
use crate::runtime::execute::Execution;
use crate::runtime::frame::{Driven, Frame};
use crate::runtime::guard::{discard, wake};
use crate::runtime::trace::Asked;
use crate::runtime::validate::{Checked, Checks};
use crate::sync::{Counted, Thin};
use crate::value::Value;

/// The right to bring a node up to date, and the duty to say how it ended.
pub(crate) struct Lead {
    /// Why the body runs, if it does.
    pub(crate) reason: Reason,
    /// What the update asks, its checks and its body, it asks through this.
    pub(crate) frame: Thin<Frame>,
    /// The same, until the body begins, which has it then.
    for_body: Option<Thin<Frame>>,
    pub(crate) edge: Edge,
    /// The memo that was in place when it began, if it was looked at.
    pub(crate) before: Option<Counted<Memo>>,
    released: bool,
    /// Its storage task releases the claim.
    is_stored: bool,
}

/// A memo that went dirty, as it was when the claim was opened.
pub(crate) struct Stale {
    pub(crate) memo: Counted<Memo>,
    pub(crate) dirty_at: Revision,
    pub(crate) dirty: DirtyEdges,
}

impl Stale {
    /// How many edges were known when edge `number` was asked for.
    pub(crate) fn after(&self, number: u32) -> u32 {
        let finding = self.memo.finding();
        finding.map_or(number, |finding| finding.edges.after(number))
    }
}

/// A change that was found of a stale memo: who leads its update need not look for one.
pub(crate) struct Change {
    pub(crate) memo: Counted<Memo>,
    pub(crate) dirty_at: Revision,
    /// The edge that has changed since.
    pub(crate) edge: Edge,
}

impl Change {
    /// Whether this is what the node still has. Under its lock.
    pub(crate) fn is_of(&self, memo: &Counted<Memo>) -> bool {
        Counted::ptr_eq(&self.memo, memo) && self.dirty_at == memo.interval().dirty_at
    }
}

/// An update on its way. Poll it until it gives its release.
pub(crate) struct Update {
    execution: Option<Execution>,
    /// What has to be checked first. Kept until the body has run, which asks the same: so the
    /// checks in flight stay wanted, and no value is dropped with the old memo before.
    checks: Option<Box<Checks>>,
    lead: Lead,
    asked: Asked,
    /// It had to wait, and was not polled since.
    rests: bool,
}

impl Update {
    /// Asked for here: not under a lock.
    pub(crate) fn new(lead: Lead, checks: Option<Box<Checks>>) -> Self {
        Update {
            execution: None,
            checks,
            lead,
            asked: Asked::here(),
            rests: false,
        }
    }

    pub(crate) fn engine(&self) -> &EngineArc {
        self.lead.asker().engine()
    }

    /// From now on the claim is released by who has this, once it is gone.
    pub(crate) fn leave_release(&mut self) {
        self.lead.is_stored = true;
    }

    pub(crate) fn claim(&self) -> &Thin<Claim> {
        self.lead.claim()
    }

    /// Drops the execution, if there is one. Nobody drives its frame then.
    fn stop(&mut self) {
        if let Some(execution) = self.execution.take() {
            let is_unseen = !execution.was_pending();
            let driven = Driven::new(&*self.lead.frame);
            drop(execution);
            if is_unseen && Thin::count(&self.lead.frame) == 1 {
                driven.end_unseen();
            }
        }
    }

    // Of what follows, `poll` and `run` stand on the stack under every update that is nested in this one, so that what comes
    // before and after the body is elsewhere.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Release> {
        if std::mem::take(&mut self.rests) {
            self.lead.frame.note(|record| record.tally().go_on());
        }
        let asked = self.asked.clone();
        match asked.within(|| self.run(cx)) {
            Poll::Ready(done) => Poll::Ready(self.end(done)),
            Poll::Pending => {
                self.rests = true;
                self.lead.frame.note(|record| record.tally().rest());
                Poll::Pending
            }
        }
    }

    /// Releases the claim, if that was not left to its task.
    #[inline(never)]
    fn end(&mut self, done: Result<Seen, QueryError>) -> Release {
        self.stop();
        // They may hold the last of a value that was replaced.
        discard((self.checks.take(), self.lead.before.take()));
        let release = match done {
            Ok(seen) => Release::Ready(seen),
            Err(error) => {
                let failed = Release::Failed(error);
                if !planted("failure-leaves-record") {
                    self.lead.withdraw(&failed);
                }
                failed
            }
        };
        self.lead.release(&release);
        release
    }

    fn run(&mut self, cx: &mut Context<'_>) -> Poll<Result<Seen, QueryError>> {
        if self.execution.is_none()
            && let Some(over) = ready!(self.begin(cx))
        {
            return Poll::Ready(over);
        }
        let execution = self.execution.as_mut();
        let execution = execution.expect("what is not over by now executes");
        let ran = ready!(execution.poll(&self.lead, cx));
        Poll::Ready(self.settle(ran))
    }

    /// Comes to the execution, or to an end without one.
    #[inline(never)]
    fn begin(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Seen, QueryError>>> {
        if let Some(checks) = &mut self.checks {
            match ready!(checks.poll(&self.lead, cx)) {
                Checked::Unchanged => {
                    let seen = self.lead.renew(checks.stale());
                    self.lead.validated();
                    self.lead.sweep_again();
                    return Poll::Ready(Some(Ok(seen)));
                }
                Checked::Changed(edge) => self.lead.restart(edge),
            }
        }
        let checked = self.checks.as_ref().map(|checks| &checks.stale().memo);
        if let Some(before) = self.lead.before.as_ref().or(checked) {
            self.lead.frame.runs_again(before);
        }
        Poll::Ready(match Execution::begin(&mut self.lead, &self.asked) {
            Ok(execution) => {
                self.execution = Some(execution);
                None
            }
            Err(error) => Some(Err(error)),
        })
    }

    #[inline(never)]
    fn settle(&mut self, ran: Result<(Value, Standing), QueryError>) -> Result<Seen, QueryError> {
        let (value, standing) = ran?;
        let took = self.execution.as_ref().and_then(Execution::took);
        // The frame is sealed before its value is published.
        self.stop();
        self.lead.executed(took);
        let unstored = self.lead.unstored(standing);
        let checked = self.checks.as_ref().map(|checks| &checks.stale().memo);
        let before = self.lead.before.take().or_else(|| checked.cloned());
        let seen = self.lead.publish(value, standing, before);
        if let Ok(seen) = &seen {
            self.lead.sweep(seen, unstored);
        }
        seen
    }
}

impl Drop for Update {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Lead {
    /// The update of the node of `edge` under `claim`, asked for by `asker`.
    pub(crate) fn new(asker: &Asker, claim: Thin<Claim>, edge: Edge, reason: Reason) -> Self {
        let [frame, for_body] = Frame::update(asker, claim, edge.slot);
        Lead {
            reason,
            frame,
            for_body: Some(for_body),
            edge,
            before: None,
            released: false,
            is_stored: false,
        }
    }

    pub(crate) fn asker(&self) -> &Asker {
        &self.frame.asker
    }

    pub(crate) fn claim(&self) -> &Thin<Claim> {
        self.asker()
            .claim
            .as_ref()
            .expect("an update has a claim from its making on")
    }

    pub(crate) fn node(&self) -> &Node {
        self.asker().engine().store.node(self.edge.slot)
    }

    /// The frame for the body, which begins once.
    pub(crate) fn frame_for_body(&mut self) -> Thin<Frame> {
        let frame = self.for_body.take();
        frame.expect("a body begins once")
    }

    pub(crate) fn revision(&self) -> Revision {
        self.asker().revision()
    }

    /// From validation to execution: the reads start anew.
    fn restart(&mut self, changed: Option<Edge>) {
        self.reason = Reason::Changed(changed);
        if let Some(record) = self.node().state.lock().record(self.claim()) {
            record.restart();
        }
    }

    /// Takes the record off the node, which publishing would have done.
    fn withdraw(&self, release: &Release) {
        let mut state = self.node().state.lock();
        let record = state.take_record(self.claim());
        if let (Release::Failed(_), Some(request)) = (release, self.asker().request()) {
            // With the record, so that nobody of this request comes between and runs it again.
            request.remember(self.edge, release);
        }
        drop(state);
        discard(record);
    }

    /// Ends the claim.
    fn release(&mut self, release: &Release) {
        self.released = true;
        let has_value = matches!(release, Release::Ready(_));
        // Its record is gone from the node: who has not found it by now never does.
        let others = Thin::count(self.claim()) - 1;
        let is_waited_for = others > usize::from(planted("lone-waiter-unseen"));
        if is_waited_for && !self.is_stored {
            wake(self.claim().release(release.clone()));
        }
        let engine = self.asker().engine();
        engine.work_ended(self.edge, &self.claim().bound);
        if !has_value {
            self.sweep_if_outdated();
        }
    }
}

impl Drop for Lead {
    fn drop(&mut self) {
        if self.released || planted("no-release-on-drop") {
            return;
        }
        if planted("abort-renews")
            && let Some(memo) = self.node().look().as_ref()
            && self.node().state.lock().record(self.claim()).is_some()
            && !memo.end.is_borrowed()
        {
            memo.set_dirty_at(Revision::NEVER);
        }
        // The update was dropped.
        self.withdraw(&Release::Aborted);
        self.release(&Release::Aborted);
    }
}
