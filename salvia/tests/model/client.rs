//! One client of a concurrent world: reads, writes, holds snapshots, gives up half-way.

use std::future::{Future, pending};
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use futures::FutureExt;
use salvia::{InputContext, Revision, Runtime, Snapshot};

use crate::ask::{Answer, peek, write};
use crate::generate::Maker;
use crate::history::History;
use crate::lab::{Lab, lock};
use crate::operation::{End, Mutation, Question};
use crate::program::{State, Write};
use crate::rng::Rng;
use crate::settings::Beats;

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
    /// A mutation closure is running.
    pub(crate) turn: AtomicBool,
    /// Snapshots that any client may ask, so that some ask the same old revision at once.
    pub(crate) held: Mutex<Vec<Snapshot>>,
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

/// Ends the turn also when the closure is dropped.
struct Turn<'a>(&'a AtomicBool);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

/// What a closure did: the revision it started from, the state it ends with, whether that differs.
struct Done {
    from: Revision,
    state: State,
    changed: bool,
}

impl Shared {
    fn enter(&self) -> Result<Turn<'_>, String> {
        if self.turn.swap(true, Ordering::AcqRel) {
            return Err("two mutation closures run at a time".to_owned());
        }
        Ok(Turn(&self.turn))
    }

    /// The part of a mutation that runs in the writers' turn.
    async fn fill(&self, mutation: &Mutation, cx: &InputContext) -> Result<Done, String> {
        let _turn = self.enter()?;
        let from = self.rt.revision();
        let before = self.history.newest();
        self.history.record(from, &before)?;
        let state = mutation.applied_to(&before);
        for (place, each) in mutation.writes.iter().enumerate() {
            self.lab.noise(place as u64 ^ state.witness << 8).await;
            write(each, &self.lab, cx).await;
        }
        peek(mutation, &state, &self.lab, cx).await?;
        if self.rt.revision() != from {
            return Err("a revision was made during a mutation".to_owned());
        }
        if mutation.end.commits() {
            self.history.replace_newest(state.clone());
        }
        Ok(Done {
            from,
            changed: state != before,
            state,
        })
    }

    /// Records the newest revision, by a mutation of nothing.
    async fn settle(&self) -> Result<Revision, String> {
        let nothing = Mutation {
            writes: Vec::new(),
            end: End::Pinned,
            peek: false,
        };
        let nothing = &nothing;
        let (done, snapshot) = self
            .rt
            .mutate_pinned(|cx| async move { self.fill(nothing, &cx).await })
            .await;
        self.history.record(snapshot.revision(), &done?.state)?;
        Ok(snapshot.revision())
    }
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
            let kind = self.rng.weighted(&[45, 22, 4, 6, 4, 19]);
            let done = match kind {
                0 => self.read().await?,
                1 => self.write().await?,
                2 => self.give_up().await?,
                3 => self.hold(self.shared.rt.snapshot()),
                4 => self.release(),
                _ => self.read_held().await?,
            };
            if self.shared.done.fetch_add(done, Ordering::Relaxed) + done >= self.shared.length {
                return Ok(());
            }
        }
    }

    fn turn_to(&self, what: impl FnOnce() -> String) {
        self.shared.beats.turn_to(self.number, what());
    }

    fn hold(&mut self, snapshot: Snapshot) -> u64 {
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

    async fn read(&mut self) -> Result<u64, String> {
        let question = self.maker.question(&mut self.rng);
        self.ask(question).await
    }

    /// Asks at the newest revision.
    pub(crate) async fn ask(&mut self, question: Question) -> Result<u64, String> {
        self.turn_to(|| format!("ask {question}"));
        let (shared, asked) = (&*self.shared, &question);
        let before = shared.rt.revision();
        let answer = shared.rt.query(|cx| ask(shared, asked, cx)).await;
        let after = shared.rt.revision();
        self.check_new(&question, &answer, before, after).await?;
        Ok(question.nodes.len() as u64)
    }

    /// Checks the answer to a request that pinned the newest revision itself.
    async fn check_new(
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
    fn saw(&mut self, revision: Revision) -> Result<(), String> {
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
        let answer = snapshot.query(|cx| ask(shared, asked, cx)).await;
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

    /// Asks, and drops the request after a few polls.
    async fn give_up(&mut self) -> Result<u64, String> {
        let question = self.maker.question(&mut self.rng);
        self.turn_to(|| format!("give up {question}"));
        let patience = self.rng.below(4);
        let (shared, asked) = (&*self.shared, &question);
        let before = shared.rt.revision();
        let answer = abandon(shared.rt.query(|cx| ask(shared, asked, cx)), patience).await;
        let after = shared.rt.revision();
        if let Some(answer) = answer {
            self.check_new(&question, &answer, before, after).await?;
        }
        Ok(question.nodes.len() as u64)
    }

    async fn write(&mut self) -> Result<u64, String> {
        let newest = self.shared.history.newest();
        let mut mutation = self.maker.mutation(&newest, &self.past, &mut self.rng);
        for write in &mut mutation.writes {
            if let Write::Stamp(stamp) = write {
                *stamp = self.shared.history.stamp();
            }
        }
        self.turn_to(|| format!("mutate {mutation}"));
        self.apply(&mutation).await?;
        Ok(1)
    }

    /// Runs a mutation to its end, whichever it is.
    pub(crate) async fn apply(&mut self, mutation: &Mutation) -> Result<(), String> {
        let shared = Arc::clone(&self.shared);
        let (rt, shared) = (&shared.rt, &*shared);
        let fill = |cx| async move { shared.fill(mutation, &cx).await };
        match mutation.end {
            End::Commit if self.rng.percent(15) => {
                // Whether it has committed shows at the next look at the newest revision: it has, if
                // and only if its closure came to the end.
                let patience = self.rng.below(4);
                abandon(rt.mutate(fill), patience).await.transpose()?;
                let settled = shared.settle().await?;
                self.saw(settled)
            }
            End::Commit => self.settle(rt.mutate(fill).await?).await,
            End::TryCommit => self.settle(rt.try_mutate(fill).await?).await,
            End::Pinned => {
                let (done, snapshot) = rt.mutate_pinned(fill).await;
                self.pinned(done?, snapshot)
            }
            End::RollBack => {
                let rolled = rt
                    .try_mutate(|cx| async move { Err::<(), _>(shared.fill(mutation, &cx).await) });
                rolled
                    .await
                    .expect_err("the closure gave an error")
                    .map(drop)
            }
            End::Panic => {
                let panics = |cx| async move {
                    drop(shared.fill(mutation, &cx).await);
                    planned_panic();
                };
                let caught = AssertUnwindSafe(rt.mutate(panics)).catch_unwind().await;
                caught
                    .err()
                    .map(drop)
                    .ok_or_else(|| "the panic of a mutation got lost".to_owned())
            }
            End::Abandon => {
                let waits = |cx| async move {
                    drop(shared.fill(mutation, &cx).await);
                    pending::<()>().await;
                };
                let patience = self.rng.below(6);
                let finished = abandon(rt.mutate(waits), patience).await;
                finished.map_or(Ok(()), |()| Err("a waiting mutation ended".to_owned()))
            }
        }
    }

    /// After `mutate`: the revision it made is found by a mutation of nothing.
    async fn settle(&mut self, done: Done) -> Result<(), String> {
        let now = self.shared.rt.revision();
        if now < done.from || (now == done.from && done.changed) {
            return Err(format!(
                "revision {now} after a commit on top of {}",
                done.from
            ));
        }
        self.saw(now)?;
        let settled = self.shared.settle().await?;
        self.saw(settled)
    }

    fn pinned(&mut self, done: Done, snapshot: Snapshot) -> Result<(), String> {
        let made = snapshot.revision();
        self.shared.history.record(made, &done.state)?;
        if (made == done.from) == done.changed {
            let changed = done.changed;
            return Err(format!(
                "pinned revision {made} on top of {}, changed: {changed}",
                done.from
            ));
        }
        self.saw(made)?;
        if self.rng.percent(40) {
            self.hold(snapshot);
        }
        Ok(())
    }
}

/// Without the panic hook: thousands of backtraces would help nobody.
fn planned_panic() {
    std::panic::resume_unwind(Box::new("planned"))
}

async fn ask(shared: &Shared, question: &Question, cx: salvia::QueryContext) -> Answer {
    // Before anything runs, and even if no answer is ever given.
    shared.history.asks(cx.revision(), question);
    question.ask(&cx).await
}

/// Polls the future a few times and drops it; its result if that was enough.
async fn abandon<T>(future: impl Future<Output = T>, polls: usize) -> Option<T> {
    let mut future = pin!(future);
    for _ in 0..polls {
        if let std::task::Poll::Ready(done) = futures::poll!(&mut future) {
            return Some(done);
        }
        tokio::task::yield_now().await;
    }
    None
}
