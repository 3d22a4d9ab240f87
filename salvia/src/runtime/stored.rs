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
use crate::sync::{Instant, Sleep, sleep};

/// How long an update is kept whose usual time is not known.
const LINGER: Duration = Duration::from_millis(100);
const SHORTEST_LINGER: Duration = Duration::from_millis(20);
const LONGEST_LINGER: Duration = Duration::from_secs(10);

pub(crate) struct Stored {
    /// `None` once it has ended or been given up.
    update: Option<Box<Update>>,
    since: Instant,
    linger: Linger,
}

/// Runs while nobody waits.
type Linger = Option<Pin<Box<Sleep>>>;

impl Stored {
    pub(crate) fn new(mut update: Box<Update>) -> Self {
        update.leave_release();
        Stored {
            update: Some(update),
            since: Instant::now(),
            linger: None,
        }
    }

    /// The update has ended, or ends here.
    fn end(&mut self, release: Release) {
        let Some(update) = self.update.take() else {
            return;
        };
        let claim = update.claim().clone();
        let mut update = Some(update);
        if !planted("released-before-it-is-gone") {
            discard(update.take());
        }
        if !matches!(release, Release::Aborted) || !planted("no-release-on-drop") {
            let waiters = claim.release(release);
            // It has the value, and may be the last to have the key.
            discard(claim);
            wake(waiters);
        }
        discard(update);
    }
}

/// Whether an update is still wanted, or was until a moment ago.
fn is_kept(claim: &Claim, linger: &mut Linger, cx: &mut Context<'_>) -> bool {
    let (interest, before) = claim.interest(cx.waker().clone());
    discard(before);
    let kind = claim.bound.kind();
    if interest == Interest::Forsaken && !kind.options.detached {
        return false;
    }
    if interest == Interest::Wanted || kind.options.detached && !planted("detached-ignored") {
        *linger = None;
        return true;
    }
    let time = kind.cost.wall().map_or(LINGER, |usual| {
        (2 * usual).clamp(SHORTEST_LINGER, LONGEST_LINGER)
    });
    if planted("no-linger") {
        return false;
    }
    if linger.is_none() {
        // A tokio without timers panics here, and gets by without lingering.
        *linger = guarded(|| Box::pin(sleep(time))).ok();
    }
    linger
        .as_mut()
        .is_some_and(|linger| linger.as_mut().poll(cx).is_pending())
}

impl Future for Stored {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        let Some(update) = &mut this.update else {
            return Poll::Ready(());
        };
        let outermost = Outermost::enter();
        let polled = update.poll(cx);
        drop(outermost);
        if let Poll::Ready(release) = polled {
            let cost = &update.claim().bound.kind().cost;
            cost.note_wall(this.since.elapsed());
            this.end(release);
            return Poll::Ready(());
        }
        if is_kept(update.claim(), &mut this.linger, cx) {
            return Poll::Pending;
        }
        // What it waited for has no need to linger as well.
        let _giving_up = GivingUp::enter();
        let (engine, claim) = (update.engine().clone(), update.claim().clone());
        this.end(Release::Aborted);
        engine.cancelled(&claim);
        Poll::Ready(())
    }
}

impl Drop for Stored {
    fn drop(&mut self) {
        self.end(Release::Aborted);
    }
}
