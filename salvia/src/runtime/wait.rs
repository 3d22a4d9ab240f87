//! Waiting for an update that somebody leads: a place among the waiters of its claim, and in the waits-for graph.

use std::task::Context;
use std::time::Duration;

use crate::bug::planted;
use crate::error::QueryError;
use crate::node::claim::{Claim, Release, Ticket, Waited};
use crate::runtime::asker::Asker;
use crate::runtime::cycle::Waiting;
use crate::runtime::guard::{discard, wake};
use crate::runtime::poll::GivingUp;
#[cfg(salvia_bug)]
use crate::runtime::update::Update;
use crate::sync::Thin;

/// A place among the waiters of a claim.
pub(crate) struct Wait {
    pub(crate) claim: Thin<Claim>,
    ticket: Option<Ticket>,
    /// In the waits-for graph; roots are in no cycle, and neither are waits across revisions.
    pub(crate) waiting: Option<Waiting>,
    pub(crate) across: bool,
    /// The planted bug of a caller that drives its own update.
    #[cfg(salvia_bug)]
    pub(crate) driven: Option<Box<Update>>,
}

impl Wait {
    /// Waits for an update of the asker's revision.
    pub(crate) fn for_result(asker: &Asker, claim: Thin<Claim>, check: bool) -> Self {
        let me = asker.claim.clone();
        let waiting = me.map(|me| Waiting::new(me, claim.clone(), check));
        Wait::until(claim, waiting)
    }

    /// The same for an update that the asker leads.
    pub(crate) fn for_own(asker: &Asker, claim: Thin<Claim>, check: bool) -> Self {
        let me = asker.claim.clone();
        let waiting = me.map(|me| Waiting::made_for(me, claim.clone(), check));
        Wait::until(claim, waiting)
    }

    fn until(claim: Thin<Claim>, waiting: Option<Waiting>) -> Self {
        Wait {
            claim,
            ticket: None,
            waiting,
            across: false,
            #[cfg(salvia_bug)]
            driven: None,
        }
    }

    /// The planted bug of a walk before there is an edge for others to see.
    pub(crate) fn walked_first(asker: &Asker, claim: Thin<Claim>) -> Result<Self, QueryError> {
        if let Some(me) = &asker.claim {
            Waiting::look_first(asker.engine(), me, &claim)?;
            // Long enough for the other end to look too, as it would be on a busy machine.
            std::thread::sleep(Duration::from_millis(1));
        }
        Ok(Wait::for_result(asker, claim, false))
    }

    pub(crate) fn across(asker: &Asker, claim: Thin<Claim>) -> Self {
        let me = planted("cycle-across-revisions").then(|| asker.claim.clone());
        Wait {
            waiting: me
                .flatten()
                .map(|me| Waiting::new(me, claim.clone(), false)),
            claim,
            ticket: None,
            across: true,
            #[cfg(salvia_bug)]
            driven: None,
        }
    }

    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Option<Release> {
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
