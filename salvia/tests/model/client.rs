//! One client of a concurrent world: reads, writes, holds snapshots, gives up half-way.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use futures::FutureExt;
use salvia::{Revision, Runtime, Snapshot};

use crate::ask::Answer;
use crate::generate::Maker;
use crate::history::History;
use crate::lab::{Lab, lock};
use crate::limits::collection;
use crate::operation::Question;
use crate::program::State;
use crate::quitter::Forgotten;
use crate::rng::Rng;
use crate::settings::Beats;
use crate::tantrum::{Tantrums, is_planned};
use crate::world::message;
use crate::writer::Turns;

/// How many snapshots are held at most.
const HELD: usize = 5;

/// What all clients of a world share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) rt: Arc<Runtime>,
    pub(crate) lab: Lab,
    pub(crate) history: History,
    pub(crate) beats: Arc<Beats>,
    /// Operations done, of `length`.
    pub(crate) done: AtomicU64,
    pub(crate) length: u64,
    pub(crate) turns: Turns,
    /// Snapshots that any client may ask, so that some ask the same old revision at once.
    pub(crate) held: Mutex<Vec<Snapshot>>,
    /// Requests that nobody polls any more.
    pub(crate) forgotten: Forgotten,
    /// Lets bodies panic.
    pub(crate) tantrums: Arc<Tantrums>,
}

pub(crate) struct Client {
    pub(crate) number: usize,
    pub(crate) shared: Arc<Shared>,
    pub(crate) maker: Maker,
    pub(crate) rng: Rng,
    /// The newest revision this client knows of; it never sees an older one in a new request.
    pub(crate) last: Option<Revision>,
    /// States seen lately, to go back to.
    pub(crate) past: Vec<State>,
}

impl Client {
    /// Works until the world's operations are used up.
    pub(crate) async fn run(mut self) -> Result<(), String> {
        let worked = self.work().await;
        worked.map_err(|what| {
            let operation = self.shared.done.load(Ordering::Relaxed);
            format!("client {}, operation {operation}: {what}", self.number)
        })
    }

    async fn work(&mut self) -> Result<(), String> {
        loop {
            let collects = if self.shared.lab.limits().collects {
                6
            } else {
                0
            };
            let kind = self.rng.weighted(&[45, 22, 4, 6, 4, 19, collects]);
            let done = match kind {
                0 => self.read().await?,
                1 => self.write().await?,
                2 => self.give_up().await?,
                3 => self.hold(self.shared.rt.snapshot()),
                4 => self.release(),
                5 => self.read_held().await?,
                _ => self.collect(),
            };
            if self.shared.done.fetch_add(done, Ordering::Relaxed) + done >= self.shared.length {
                return Ok(());
            }
        }
    }

    pub(crate) fn turn_to(&self, what: impl FnOnce() -> String) {
        self.shared.beats.turn_to(self.number, what());
    }

    pub(crate) fn hold(&mut self, snapshot: Snapshot) -> u64 {
        let mut held = lock(&self.shared.held);
        if held.len() < HELD {
            held.push(snapshot);
        }
        0
    }

    fn release(&mut self) -> u64 {
        let released = {
            let mut held = lock(&self.shared.held);
            let which = self.rng.below(HELD);
            (which < held.len()).then(|| held.swap_remove(which))
        };
        // What it frees is freed here, outside the lock.
        drop(released);
        0
    }

    /// Beside whatever the others do.
    fn collect(&mut self) -> u64 {
        let what = collection(&mut self.rng);
        self.turn_to(|| format!("collect {what:?}"));
        self.shared.rt.collect_garbage(what);
        0
    }

    async fn read(&mut self) -> Result<u64, String> {
        let question = self.maker.question(&mut self.rng);
        self.ask(question).await
    }

    /// Asks at the newest revision.
    pub(crate) async fn ask(&mut self, question: Question) -> Result<u64, String> {
        self.turn_to(|| format!("ask {question}"));
        let (shared, asked) = (&*self.shared, &question);
        // A body panics a few times in a world at most, so asking again ends.
        let (before, answer) = loop {
            let before = shared.rt.revision();
            match shared.rt.try_query(|cx| ask(shared, asked, cx)).await {
                Ok(answer) => break (before, answer),
                Err(error) => is_planned(&error.to_string())?,
            }
        };
        let after = shared.rt.revision();
        self.check_new(&question, &answer, before, after).await?;
        Ok(question.nodes.len() as u64)
    }

    /// Checks the answer to a request that pinned the newest revision itself.
    pub(crate) async fn check_new(
        &mut self,
        question: &Question,
        answer: &Answer,
        before: Revision,
        after: Revision,
    ) -> Result<(), String> {
        let revision = answer.revision;
        if revision < before || revision > after {
            return Err(format!(
                "answered at revision {revision}, asked between {before} and {after}"
            ));
        }
        self.saw(revision)?;
        self.check(question, answer).await
    }

    /// Revisions never go back for one client.
    pub(crate) fn saw(&mut self, revision: Revision) -> Result<(), String> {
        if let Some(last) = self.last.replace(revision)
            && revision < last
        {
            return Err(format!("revision {revision} after revision {last}"));
        }
        Ok(())
    }

    async fn check(&mut self, question: &Question, answer: &Answer) -> Result<(), String> {
        let epoch = self.shared.history.at(answer.revision).await;
        if let Some((revision, node)) = self.shared.lab.torn() {
            return Err(format!(
                "n{node} at revision {revision} saw two different witnesses"
            ));
        }
        answer
            .check(question, &epoch.state, epoch.oracle())
            .map_err(|what| format!("{what}\nprogram at this revision:\n{}", epoch.state))?;
        if self.rng.percent(20) {
            self.past.truncate(4);
            self.past.insert(0, epoch.state.clone());
        }
        Ok(())
    }

    async fn read_held(&mut self) -> Result<u64, String> {
        let which = self.rng.below(HELD);
        let Some(snapshot) = lock(&self.shared.held).get(which).cloned() else {
            return Ok(0);
        };
        let question = self.maker.question(&mut self.rng);
        self.turn_to(|| format!("ask at {} {question}", snapshot.revision()));
        let (shared, asked) = (&*self.shared, &question);
        let answer = loop {
            let asking = snapshot.query(|cx| ask(shared, asked, cx));
            match AssertUnwindSafe(asking).catch_unwind().await {
                Ok(answer) => break answer,
                Err(panic) => is_planned(&message(&*panic))?,
            }
        };
        if answer.revision != snapshot.revision() {
            return Err(format!(
                "revision {} in a snapshot of {}",
                answer.revision,
                snapshot.revision()
            ));
        }
        self.check(&question, &answer).await?;
        Ok(question.nodes.len() as u64)
    }
}

pub(crate) async fn ask(shared: &Shared, question: &Question, cx: salvia::QueryContext) -> Answer {
    // Before anything runs, and even if no answer is ever given.
    shared.history.asks(cx.revision(), question);
    question.ask(&cx).await
}

/// Polls the future a few times and drops it; its result if that was enough.
pub(crate) async fn abandon<T>(future: impl Future<Output = T>, polls: usize) -> Option<T> {
    let mut future = pin!(future);
    for _ in 0..polls {
        if let std::task::Poll::Ready(done) = futures::poll!(&mut future) {
            return Some(done);
        }
        tokio::task::yield_now().await;
    }
    None
}
