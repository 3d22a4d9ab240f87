//! The writers' turn: who has it does first what was put off till then.

use futures_util::FutureExt;

use crate::bug::planted;
use crate::runtime::anonymous::later::Later;
use crate::runtime::engine::{Engine, EngineArc};
use crate::runtime::pin::WritersTurn;
use crate::sync::{Arc, Ordering, Turn, TurnGuard};

/// One of those who wait in the queue.
struct Queued<'a>(&'a Later);

impl<'a> Queued<'a> {
    fn enter(later: &'a Later) -> Self {
        later.queued.fetch_add(1, Ordering::AcqRel);
        Queued(later)
    }
}

impl Drop for Queued<'_> {
    fn drop(&mut self) {
        self.0.queued.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Engine {
    /// The writers' turn, if nobody has it or is in the queue for it, and nothing waits for who has it.
    fn free_turn(&self) -> Option<WritersTurn> {
        let nothing_waits = || !self.later.any.load(Ordering::Acquire);
        let nobody_waits = self.later.queued.load(Ordering::Acquire) == 0;
        if !(nobody_waits || planted("queue-overtaken")) || !nothing_waits() {
            return None;
        }
        let turn = self.turn.clone().try_lock_owned().ok()?;
        // Who has put something off before that did not get the turn.
        nothing_waits().then_some(turn)
    }
}

impl EngineArc {
    /// The writers' turn, with nothing left that waits for it.
    pub(crate) async fn take_turn(&self) -> WritersTurn {
        match self.free_turn() {
            Some(turn) => turn,
            // Boxed, since it is a part of all that mutates, and seldom wanted.
            None => self.queue_for_turn().boxed().await,
        }
    }

    async fn queue_for_turn(&self) -> WritersTurn {
        let _queued = Queued::enter(&self.later);
        // Who has done what waited for the turn has to wait for it once more, and is still the first.
        let _first = taken(&self.queue).await;
        loop {
            let turn = taken(&self.turn).await;
            // After the end there is nothing left to be done.
            let is_over = self.tasks.is_closed() && !planted("work-after-the-end");
            if is_over || !self.later.any.load(Ordering::Acquire) {
                return turn;
            }
            let work = self.later.take();
            self.work_off(work, turn).await;
        }
    }
}

/// One of the turns. It is not free while anybody waits for it, so who takes a free one is ahead of nobody.
async fn taken<T>(turn: &Arc<Turn<T>>) -> TurnGuard<T> {
    match turn.clone().try_lock_owned() {
        Ok(taken) => taken,
        Err(_) => turn.clone().lock_owned().await,
    }
}
