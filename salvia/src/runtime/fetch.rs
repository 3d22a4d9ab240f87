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
use crate::node::claim::{Claim, Release};
use crate::node::edge::Edge;
use crate::node::memo::{Seen, Standing};
use crate::runtime::asker::Asker;
use crate::runtime::descend::Descent;
use crate::runtime::engine::{Engine, EngineArc, Scheduling};
use crate::runtime::guard::discard;
use crate::runtime::look::Look;
use crate::runtime::name::text;
use crate::runtime::poll::Nested;
use crate::runtime::store::Found;
use crate::runtime::stored::Stored;
use crate::runtime::update::{Change, Lead, Stale, Update};
use crate::runtime::validate::Checks;
use crate::runtime::wait::Wait;
use crate::sync::Thin;

/// A body that is usually busy for this long is given a task at once. From here on two siblings lose nothing by a task each, and
/// more of them gain long before; one alone loses about ten microseconds (the part `siblings` of the bench `latency`).
const WORTH_A_TASK: Duration = Duration::from_micros(50);

/// One request for a node. Poll it with the same asker each time.
pub(crate) struct Fetch {
    edge: Edge,
    bound: Bound,
    /// Asked by a validation, not by a body.
    check: bool,
    wait: Option<Wait>,
    descent: Descending,
    /// What a descent has found.
    known: Option<Change>,
    /// Who asks, with the request this began, if it was not asked in one.
    root: Option<Asker>,
    /// An update that it leads, while that is polled in place. Here, since it would stand on the stack under every update that
    /// is nested in it.
    update: Option<Update>,
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
        discard(self.known.take());
        let root = self.root.as_ref();
        if let Some(request) = root.and_then(Asker::request) {
            request.end();
        }
    }
}

// Boxed, and not inlined: they would stand on the stack under whatever is asked on the way.
impl Fetch {
    fn new(edge: Edge, bound: Bound) -> Box<Self> {
        Box::new(Fetch {
            edge,
            bound,
            check: false,
            wait: None,
            descent: Descending::Untried,
            known: None,
            root: None,
            update: None,
        })
    }

    /// One for a node that was looked up. Of one that has never had a value there is nothing to descend from.
    #[inline(never)]
    pub(crate) fn of(found: Found) -> Box<Self> {
        let memo = found.memo();
        let mut fetch = Fetch::new(found.edge(), memo.bound.clone());
        if memo.finding().is_none() {
            fetch.descent = Descending::Unfit;
        }
        fetch
    }

    /// A check, with or without a descent.
    #[inline(never)]
    pub(crate) fn check(edge: Edge, bound: Bound, descends: bool) -> Box<Self> {
        let mut fetch = Fetch::new(edge, bound);
        fetch.check = true;
        if !descends {
            fetch.descent = Descending::Over;
        }
        fetch
    }

    /// A check out of a descent, and what that has found.
    #[inline(never)]
    pub(crate) fn run(edge: Edge, bound: Bound, known: Option<Change>) -> Box<Self> {
        let mut fetch = Fetch::check(edge, bound, false);
        fetch.known = known;
        fetch
    }
}

impl Fetch {
    pub(crate) fn edge(&self) -> Edge {
        self.edge
    }

    pub(crate) fn poll(
        &mut self,
        asker: &Asker,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Seen, QueryError>> {
        if asker.request().is_some() {
            return self.poll_for(asker, cx);
        }
        let root = self.root.take().unwrap_or_else(|| asker.with_request());
        let polled = self.poll_for(&root, cx);
        self.root = Some(root);
        polled
    }

    // What stands on the stack under an update that is polled in place is here and in `lead`, as little as possible: whatever
    // such an update asks for stands above it.
    fn poll_for(&mut self, asker: &Asker, cx: &mut Context<'_>) -> Poll<Result<Seen, QueryError>> {
        loop {
            if let Next::Over(result) = self.next(asker, cx) {
                return result;
            }
            if let Some(result) = self.lead(asker, cx) {
                return Poll::Ready(result);
            }
        }
    }

    /// Goes on to the value, or to an update that has to be made for it.
    #[inline(never)]
    fn next(&mut self, asker: &Asker, cx: &mut Context<'_>) -> Next {
        loop {
            if let Some(wait) = &mut self.wait {
                match wait.poll(cx) {
                    Some(release) if !wait.across || planted("older-result-taken") => {
                        if planted("waiters-look-again") && matches!(release, Release::Ready(_)) {
                            self.wait = None;
                        } else if let Some(result) = self.take(asker, release) {
                            return Next::ready(result);
                        }
                    }
                    Some(_) => self.wait = None,
                    None if !wait.across => return Next::Over(Poll::Pending),
                    None => {}
                }
            }
            if asker.engine().tasks.is_closed() {
                return Next::ready(Err(QueryError::shutdown(text(&self.bound))));
            }
            if self.descend(asker, cx).is_pending() {
                return Next::Over(Poll::Pending);
            }
            let mut known = self.known.take();
            let look = asker.look(self.edge, self.check, &mut known);
            discard(known);
            match look {
                Look::Over(result) => return Next::ready(result),
                Look::Await(claim) if self.waits_for(&claim) => {
                    return Next::Over(Poll::Pending);
                }
                Look::Await(claim) => self.wait = Some(Wait::across(asker, claim)),
                Look::Join(claim) => match self.join(asker, claim) {
                    Ok(wait) => self.wait = Some(wait),
                    Err(error) => return Next::ready(Err(error)),
                },
                Look::Lead(lead, stale) => {
                    self.begin(lead, stale);
                    return Next::Lead;
                }
                // What a check was for has changed then, whatever the error says.
                Look::Gone if self.check || planted("gone-for-good") => {
                    return Next::ready(Err(QueryError::shutdown(text(&self.bound))));
                }
                Look::Gone => (self.edge, self.bound) = asker.engine().readmit(&self.bound),
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
            self.known = ready!(descent.poll(asker, cx));
            self.descent = Descending::Over;
        }
        Poll::Ready(())
    }

    fn waits_for(&self, claim: &Thin<Claim>) -> bool {
        self.wait
            .as_ref()
            .is_some_and(|wait| Thin::ptr_eq(&wait.claim, claim))
    }

    /// Takes the result of the claim that was waited for; `None` if it ended without one.
    // Not inlined: its part of the stack would stand under every nested update.
    #[inline(never)]
    fn take(&mut self, asker: &Asker, release: Release) -> Option<Result<Seen, QueryError>> {
        self.wait = None;
        let result = match release {
            // A check was made of a node whose value was evicted; who wants that asks on.
            Release::Ready(seen) if !self.check && seen.memo.value().is_none() => return None,
            Release::Ready(seen) => Ok(seen),
            Release::Failed(error) => Err(error),
            Release::Aborted => return None,
        };
        // What is stored nowhere is remembered for the request, also when another one led.
        let is_stored = matches!(&result, Ok(seen) if seen.standing != Standing::Passing);
        if !is_stored && let Some(request) = asker.request() {
            let release = match result.clone() {
                Ok(seen) => Release::Ready(seen),
                Err(error) => Release::Failed(error),
            };
            request.remember(self.edge, &release);
        }
        Some(result)
    }

    // Not inlined: its part of the stack would stand under every nested update.
    #[inline(never)]
    fn join(&self, asker: &Asker, claim: Thin<Claim>) -> Result<Wait, QueryError> {
        if planted("edge-after-walk") {
            return Wait::walked_first(asker, claim);
        }
        let wait = Wait::for_result(asker, claim, self.check);
        if let Some(waiting) = &wait.waiting
            && !planted("cycle-not-looked-for")
        {
            waiting.look_for_cycle(asker.engine())?;
        }
        Ok(wait)
    }

    /// A new update.
    fn begin(&mut self, lead: Lead, stale: Option<Stale>) {
        // What it waited for before is over in any case.
        self.wait = None;
        let descends = !matches!(self.descent, Descending::Over);
        let checks = stale.map(|stale| Box::new(Checks::new(stale, descends)));
        self.update = Some(Update::new(lead, checks));
    }

    /// Polls a new update once in place; it moves into a storage task if it cannot finish. `None` if there is something to wait
    /// for, or it renewed a memo without a value, which is to be made again.
    fn lead(&mut self, asker: &Asker, cx: &mut Context<'_>) -> Option<Result<Seen, QueryError>> {
        let update = self.update.as_mut();
        let update = update.expect("who leads has begun an update");
        // Until the wait for a task is written down.
        let mut _in_place = None;
        if asker.engine().runs_in_place(self.bound.kind())
            && let Some(nested) = Nested::enter(EngineArc::as_ptr(asker.engine()))
        {
            _in_place = asker.claim.as_ref().map(|claim| claim.polls_in_place());
            let polled = if nested.is_first_of_its_engine() && !planted("tokio-not-entered") {
                poll_in_tokio(update, asker, cx)
            } else {
                update.poll(cx)
            };
            if let Poll::Ready(release) = polled {
                self.update = None;
                return self.take(asker, release);
            }
        }
        self.store(asker, cx)
    }

    /// Moves an update into a storage task.
    #[inline(never)]
    fn store(&mut self, asker: &Asker, cx: &mut Context<'_>) -> Option<Result<Seen, QueryError>> {
        let update = Box::new(self.update.take()?);
        let wait = Wait::for_own(asker, update.claim().clone(), self.check);
        let wait = self.wait.insert(wait);
        // A waiter before there is a task, or that finds nobody who wants it.
        wait.poll(cx);
        #[cfg(salvia_bug)]
        if planted("leader-drives") {
            wait.driven = Some(update);
            return None;
        }
        if asker.engine().tasks.spawn(Stored::new(update)) {
            return None;
        }
        self.wait = None;
        Some(Err(QueryError::shutdown(text(&self.bound))))
    }
}

/// The outermost update of an engine is polled as if in a task of its tokio.
#[inline(never)]
fn poll_in_tokio(update: &mut Update, asker: &Asker, cx: &mut Context<'_>) -> Poll<Release> {
    let _tokio = asker.engine().tasks.tokio().enter();
    update.poll(cx)
}

/// What a fetch comes to next.
enum Next {
    /// The value, or nothing yet.
    Over(Poll<Result<Seen, QueryError>>),
    /// An update that has begun, to be polled.
    Lead,
}

impl Next {
    fn ready(result: Result<Seen, QueryError>) -> Self {
        Next::Over(Poll::Ready(result))
    }
}

impl Engine {
    /// Whether the next update of a kind is first polled where it was asked for. What keeps a
    /// core busy for long gets a task, so that its siblings run beside it; and so do the first few
    /// of a kind, one for each core, as nobody knows yet.
    fn runs_in_place(&self, kind: &Kind) -> bool {
        let is_cheap = || {
            let is_new = kind.cost.is_new(self.tasks.siblings());
            kind.cost.busy() < WORTH_A_TASK && (!is_new || planted("first-siblings-in-a-row"))
        };
        match self.scheduling {
            Scheduling::TaskPerNode => false,
            Scheduling::InPlace => !kind.options.spawn,
            Scheduling::Adaptive => !kind.options.spawn && is_cheap(),
        }
    }
}
