//! Fetching: bringing one node up to date at the asker's revision, once a look at its memo
//! alone did not do.
//!
//! Look under the node's lock, then act: take the memo, wait for the update that is running,
//! or lead one. Dropping a fetch at any point disturbs nobody: the update it started lives on in
//! its task.

use std::task::{Context, Poll, ready};
use std::time::Duration;

use crate::bug::planted;
use crate::error::QueryError;
use crate::node::bound::{Bound, Kind};
use crate::node::claim::{Claim, Release, Ticket, Waited};
use crate::node::edge::Edge;
use crate::node::memo::{Seen, Standing};
use crate::runtime::cycle::Waiting;
use crate::runtime::descend::Descent;
use crate::runtime::engine::{Engine, Scheduling};
use crate::runtime::frame::Asker;
use crate::runtime::guard::{discard, wake};
use crate::runtime::look::Look;
use crate::runtime::name::text;
use crate::runtime::poll::{GivingUp, Nested};
use crate::runtime::store::Found;
use crate::runtime::stored::Stored;
use crate::runtime::update::{Change, Lead, Stale, Update};
use crate::runtime::validate::Checks;
use crate::sync::Arc;

/// A body that is usually busy for this long is given a task at once. Chosen well above the price of a task, and not yet set by a bench.
const WORTH_A_TASK: Duration = Duration::from_micros(100);

/// One request for a node. Poll it with the same asker each time.
pub(crate) struct Fetch {
    edge: Edge,
    bound: Arc<Bound>,
    /// Asked by a validation, not by a body.
    check: bool,
    wait: Option<Wait>,
    descent: Descending,
    /// What a descent has found.
    known: Option<Change>,
    /// Who asks, with the request this began, if it was not asked in one.
    root: Option<Asker>,
}

/// Whether the node was descended from.
enum Descending {
    Untried,
    Going(Box<Descent>),
    /// It was not one to descend from.
    Unfit,
    /// As far as possible. Nobody below tries again, or a long way would be gone many times.
    Over,
}

impl Drop for Fetch {
    fn drop(&mut self) {
        let root = self.root.as_ref();
        if let Some(request) = root.and_then(|root| root.request.as_ref()) {
            request.end();
        }
    }
}

/// A place among the waiters of a claim.
struct Wait {
    claim: Arc<Claim>,
    ticket: Option<Ticket>,
    /// In the waits-for graph; roots are in no cycle, and neither are waits across revisions.
    _waiting: Option<Waiting>,
    across: bool,
    /// The planted bug of a caller that drives its own update.
    #[cfg(salvia_bug)]
    driven: Option<Box<Update>>,
}

impl Fetch {
    pub(crate) fn new(edge: Edge, bound: Arc<Bound>) -> Self {
        Fetch {
            edge,
            bound,
            check: false,
            wait: None,
            descent: Descending::Untried,
            known: None,
            root: None,
        }
    }

    /// One for a node that was looked up. Of one that has never had a value there is nothing to descend from.
    pub(crate) fn of(found: &Found) -> Self {
        let memo = found.memo();
        let mut fetch = Fetch::new(found.edge(), memo.bound.clone());
        if memo.finding().is_none() {
            fetch.descent = Descending::Unfit;
        }
        fetch
    }

    /// A check, with or without a descent.
    pub(crate) fn check(edge: Edge, bound: Arc<Bound>, descends: bool) -> Self {
        let mut fetch = Fetch::new(edge, bound);
        fetch.check = true;
        if !descends {
            fetch.descent = Descending::Over;
        }
        fetch
    }

    /// A check out of a descent, and what that has found.
    pub(crate) fn run(edge: Edge, bound: Arc<Bound>, known: Option<Change>) -> Self {
        let mut fetch = Fetch::check(edge, bound, false);
        fetch.known = known;
        fetch
    }

    pub(crate) fn edge(&self) -> Edge {
        self.edge
    }

    pub(crate) fn poll(
        &mut self,
        asker: &Asker,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Seen, QueryError>> {
        if asker.request.is_some() {
            return self.poll_for(asker, cx);
        }
        let root = self.root.take().unwrap_or_else(|| asker.with_request());
        let polled = self.poll_for(&root, cx);
        self.root = Some(root);
        polled
    }

    fn poll_for(&mut self, asker: &Asker, cx: &mut Context<'_>) -> Poll<Result<Seen, QueryError>> {
        loop {
            if let Some(wait) = &mut self.wait {
                match wait.poll(cx) {
                    Some(release) if !wait.across || planted("older-result-taken") => {
                        if planted("waiters-look-again") && matches!(release, Release::Ready(_)) {
                            self.wait = None;
                        } else if let Some(result) = self.take(asker, release) {
                            return Poll::Ready(result);
                        }
                    }
                    Some(_) => self.wait = None,
                    None if !wait.across => return Poll::Pending,
                    None => {}
                }
            }
            if asker.engine.tasks.is_closed() {
                return Poll::Ready(Err(QueryError::shutdown(text(&self.bound))));
            }
            ready!(self.descend(asker, cx));
            match asker.look(self.edge, self.check) {
                Look::Over(result) => return Poll::Ready(result),
                Look::Await(claim) if self.waits_for(&claim) => return Poll::Pending,
                Look::Await(claim) => self.wait = Some(Wait::across(asker, claim)),
                Look::Join(claim) => self.wait = Some(self.join(asker, claim)?),
                Look::Lead(lead, stale) => match self.lead(asker, lead, stale, cx)? {
                    Led::Over(result) => return Poll::Ready(result),
                    Led::Spawned(wait) => self.wait = Some(wait),
                    Led::Emptied => {}
                },
                // What a check was for has changed then, whatever the error says.
                Look::Gone if self.check || planted("gone-for-good") => {
                    return Poll::Ready(Err(QueryError::shutdown(text(&self.bound))));
                }
                Look::Gone => (self.edge, self.bound) = asker.engine.readmit(&self.bound),
            }
        }
    }

    /// Tries to make do without an update of one's own.
    fn descend(&mut self, asker: &Asker, cx: &mut Context<'_>) -> Poll<()> {
        if let Descending::Untried = self.descent {
            self.descent =
                Descent::begin(asker, self.edge).map_or(Descending::Unfit, Descending::Going);
        }
        if let Descending::Going(descent) = &mut self.descent {
            ready!(descent.poll(asker, cx));
            self.descent = Descending::Over;
        }
        Poll::Ready(())
    }

    fn waits_for(&self, claim: &Arc<Claim>) -> bool {
        self.wait
            .as_ref()
            .is_some_and(|wait| Arc::ptr_eq(&wait.claim, claim))
    }

    /// Takes the result of the claim that was waited for; `None` if it ended without one.
    // Not inlined: its part of the stack would stand under every nested update.
    #[inline(never)]
    fn take(&mut self, asker: &Asker, release: Release) -> Option<Result<Seen, QueryError>> {
        self.wait = None;
        let result = match &release {
            // A check was made of a node whose value was evicted; who wants that asks on.
            Release::Ready(seen) if !self.check && seen.memo.value().is_none() => return None,
            Release::Ready(seen) => Ok(seen.clone()),
            Release::Failed(error) => Err(error.clone()),
            Release::Aborted => return None,
        };
        // What is stored nowhere is remembered for the request, also when another one led.
        let passing = result
            .as_ref()
            .is_ok_and(|seen| seen.standing == Standing::Passing);
        if let Some(request) = asker
            .request
            .as_ref()
            .filter(|_| passing || result.is_err())
        {
            request.remember(self.edge, &release);
        }
        Some(result)
    }

    // Not inlined: its part of the stack would stand under every nested update.
    #[inline(never)]
    fn join(&self, asker: &Asker, claim: Arc<Claim>) -> Result<Wait, QueryError> {
        if planted("edge-after-walk") {
            return Wait::walked_first(asker, claim);
        }
        let wait = Wait::for_result(asker, claim, self.check);
        if let Some(waiting) = &wait._waiting
            && !planted("cycle-not-looked-for")
        {
            waiting.look_for_cycle(&asker.engine)?;
        }
        Ok(wait)
    }

    /// Polls a new update once in place; it moves into a storage task if it cannot finish.
    fn lead(
        &mut self,
        asker: &Asker,
        mut lead: Lead,
        stale: Option<Stale>,
        cx: &mut Context<'_>,
    ) -> Result<Led, QueryError> {
        let stale = lead.left_to_check(stale, self.known.take());
        // The wait stands before the poll, so that what is asked in it sees who waits.
        let wait = Wait::for_result(asker, lead.claim().clone(), self.check);
        let descends = !matches!(self.descent, Descending::Over);
        let mut update = Update::new(lead, stale.map(|stale| Checks::new(stale, descends)));
        if asker.engine.runs_in_place(&self.bound.kind)
            && let Some(nested) = Nested::enter(Arc::as_ptr(&asker.engine))
        {
            let first = nested.is_first_of_its_engine();
            let _tokio = (first && !planted("tokio-not-entered"))
                .then(|| asker.engine.tasks.tokio().enter());
            if let Poll::Ready(release) = update.poll(cx) {
                let result = self.take(asker, release);
                return Ok(result.map_or(Led::Emptied, Led::Over));
            }
        }
        self.store(asker, update, wait, cx)
    }

    /// Moves an update into a storage task.
    #[inline(never)]
    fn store(
        &self,
        asker: &Asker,
        update: Box<Update>,
        mut wait: Wait,
        cx: &mut Context<'_>,
    ) -> Result<Led, QueryError> {
        // A waiter before there is a task, or that finds nobody who wants it.
        wait.poll(cx);
        #[cfg(salvia_bug)]
        if planted("leader-drives") {
            wait.driven = Some(update);
            return Ok(Led::Spawned(wait));
        }
        let stored = Stored::new(update, wait.claim.clone());
        if asker.engine.tasks.spawn(stored) {
            return Ok(Led::Spawned(wait));
        }
        Err(QueryError::shutdown(text(&self.bound)))
    }
}

/// What came of a new update.
enum Led {
    /// It ended where it was asked for.
    Over(Result<Seen, QueryError>),
    /// It goes on in a storage task.
    Spawned(Wait),
    /// It renewed a memo without a value, which is to be made again.
    Emptied,
}

impl Engine {
    /// Whether the next update of a kind is first polled where it was asked for. What keeps a
    /// core busy for long gets a task, so that its siblings run beside it.
    fn runs_in_place(&self, kind: &Kind) -> bool {
        self.scheduling == Scheduling::Adaptive
            && !kind.options.spawn
            && kind.cost.busy() < WORTH_A_TASK
    }
}

impl Wait {
    /// Waits for an update of the asker's revision.
    fn for_result(asker: &Asker, claim: Arc<Claim>, check: bool) -> Self {
        let me = asker.claim.clone();
        let _waiting = me.map(|me| Waiting::new(me, claim.clone(), check));
        Wait {
            claim,
            ticket: None,
            _waiting,
            across: false,
            #[cfg(salvia_bug)]
            driven: None,
        }
    }

    /// The planted bug of a walk before there is an edge for others to see.
    fn walked_first(asker: &Asker, claim: Arc<Claim>) -> Result<Self, QueryError> {
        if let Some(me) = &asker.claim {
            Waiting::look_first(&asker.engine, me, &claim)?;
            // Long enough for the other end to look too, as it would be on a busy machine.
            std::thread::sleep(Duration::from_millis(1));
        }
        Ok(Wait::for_result(asker, claim, false))
    }

    fn across(asker: &Asker, claim: Arc<Claim>) -> Self {
        let me = planted("cycle-across-revisions").then(|| asker.claim.clone());
        Wait {
            _waiting: me
                .flatten()
                .map(|me| Waiting::new(me, claim.clone(), false)),
            claim,
            ticket: None,
            across: true,
            #[cfg(salvia_bug)]
            driven: None,
        }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Option<Release> {
        #[cfg(salvia_bug)]
        if let Some(update) = &mut self.driven
            && update.poll(cx).is_ready()
        {
            self.driven = None;
        }
        match self.claim.wait(&mut self.ticket, cx.waker().clone()) {
            Waited::Released(release) => Some(release),
            not_yet @ Waited::NotYet { .. } => {
                discard(not_yet);
                None
            }
        }
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            let (waker, task) = self.claim.leave(ticket, GivingUp::is_set());
            discard(waker);
            wake(task);
        }
    }
}
