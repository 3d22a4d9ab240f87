//! An update in its storage task: driven to its end for as long as somebody wants it.
//!
//! When the last waiter has gone the task lingers, for a caller that gives up early and asks
//! again would otherwise never get anywhere. If nobody comes it drops the update, and with it the
//! waits for what that asked for, whose tasks follow. Who joins in the meantime waits for the
//! release, which is one of the kind that makes them ask again.
//!
//! The claim is released when the update is gone, and with it the pin of its revision: so who has waited for a value finds
//! nothing left of the work on it, however the threads are scheduled.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::bug::planted;
use crate::node::claim::{Claim, Interest, Release};
use crate::runtime::guard::{discard, guarded, wake};
use crate::runtime::poll::{GivingUp, Outermost};
use crate::runtime::update::Update;
use crate::sync::{Instant, Sleep, Thin, sleep};

/// How long an update is kept whose usual time is not known.
const LINGER: Duration = Duration::from_millis(100);
const SHORTEST_LINGER: Duration = Duration::from_millis(20);
const LONGEST_LINGER: Duration = Duration::from_secs(10);

pub(crate) struct Stored {
    /// `None` once it has ended or been given up.
    update: Option<Box<Update>>,
    claim: Thin<Claim>,
    since: Instant,
    /// Runs while nobody waits.
    linger: Option<Pin<Box<Sleep>>>,
}

impl Stored {
    pub(crate) fn new(mut update: Box<Update>) -> Self {
        Stored {
            claim: update.leave_release(),
            update: Some(update),
            since: Instant::now(),
            linger: None,
        }
    }

    /// Whether the update is still wanted, or was until a moment ago.
    fn is_kept(&mut self, cx: &mut Context<'_>) -> bool {
        let (interest, before) = self.claim.interest(cx.waker().clone());
        discard(before);
        if interest == Interest::Forsaken && !self.claim.bound.kind().options.detached {
            return false;
        }
        if interest == Interest::Wanted
            || self.claim.bound.kind().options.detached && !planted("detached-ignored")
        {
            self.linger = None;
            return true;
        }
        let usual = self.claim.bound.kind().cost.wall();
        let linger = usual.map_or(LINGER, |usual| {
            (2 * usual).clamp(SHORTEST_LINGER, LONGEST_LINGER)
        });
        if planted("no-linger") {
            return false;
        }
        if self.linger.is_none() {
            // A tokio without timers panics here, and gets by without lingering.
            self.linger = guarded(|| Box::pin(sleep(linger))).ok();
        }
        self.linger
            .as_mut()
            .is_some_and(|linger| linger.as_mut().poll(cx).is_pending())
    }

    /// The update has ended, or ends here.
    fn end(&mut self, release: Release) {
        let mut update = self.update.take();
        if !planted("released-before-it-is-gone") {
            discard(update.take());
        }
        if !matches!(release, Release::Aborted) || !planted("no-release-on-drop") {
            wake(self.claim.release(release));
        }
        discard(update);
    }
}

impl Future for Stored {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Some(update) = &mut self.update else {
            return Poll::Ready(());
        };
        let outermost = Outermost::enter();
        let polled = update.poll(cx);
        drop(outermost);
        if let Poll::Ready(release) = polled {
            self.claim.bound.kind().cost.note_wall(self.since.elapsed());
            self.end(release);
            return Poll::Ready(());
        }
        if self.is_kept(cx) {
            return Poll::Pending;
        }
        // What it waited for has no need to linger as well.
        let _giving_up = GivingUp::enter();
        let engine = self.update.as_ref().map(|update| update.engine().clone());
        self.end(Release::Aborted);
        if let Some(engine) = engine {
            engine.cancelled(&self.claim);
        }
        Poll::Ready(())
    }
}

impl Drop for Stored {
    fn drop(&mut self) {
        if self.update.is_some() {
            self.end(Release::Aborted);
        }
    }
}
