//! The writing half of a client: mutations, through every entry and to every end.

use std::future::pending;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures::FutureExt;
use salvia::{InputContext, Revision, Snapshot};

use crate::ask::{peek, write};
use crate::client::{Client, Shared, abandon};
use crate::operation::{End, Mutation};
use crate::program::{State, Write};

/// What a closure did: the revision it started from, the state it ends with, whether that differs.
struct Done {
    from: Revision,
    state: State,
    changed: bool,
}

/// Finds closures of mutations that run at a time.
#[derive(Debug, Default)]
pub(crate) struct Turns(AtomicU64);

impl Turns {
    /// Says that a closure begins to run. Gives its number.
    fn begin(&self) -> u64 {
        self.0.fetch_add(1, Ordering::AcqRel) + 1
    }

    /// Whether no other one has begun since. One that is dropped never asks: it may go after the next has begun.
    fn is_alone(&self, number: u64) -> Result<(), String> {
        if self.0.load(Ordering::Acquire) == number {
            return Ok(());
        }
        Err("two mutation closures run at a time".to_owned())
    }
}

impl Shared {
    /// The part of a mutation that runs in the writers' turn.
    async fn fill(&self, mutation: &Mutation, cx: &InputContext) -> Result<Done, String> {
        let turn = self.turns.begin();
        let from = self.rt.revision();
        let before = self.history.newest();
        self.history.record(from, &before)?;
        let state = mutation.applied_to(&before);
        for (place, each) in mutation.writes.iter().enumerate() {
            self.lab.noise(place as u64 ^ state.witness << 8).await;
            write(each, &self.lab, cx).await;
            self.turns.is_alone(turn)?;
        }
        peek(mutation, &state, &self.lab, cx).await?;
        self.turns.is_alone(turn)?;
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
    pub(crate) async fn write(&mut self) -> Result<u64, String> {
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

#[test]
fn a_closure_that_begins_beside_another_is_noticed() {
    let turns = Turns::default();
    let first = turns.begin();
    assert_eq!(turns.is_alone(first), Ok(()));
    let second = turns.begin();
    assert!(turns.is_alone(first).is_err());
    assert_eq!(turns.is_alone(second), Ok(()));
}
