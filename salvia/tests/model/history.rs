//! What the inputs were at every revision of a concurrent world.
//!
//! The closure of a mutation runs while no other does, so it works on the newest state and replaces
//! it at its end, before the commit. Which revision the commit made is known afterwards: from the
//! snapshot that `mutate_pinned` returns, or from the newest revision as the next closure finds it. A
//! reader may see a revision before that; it waits for the record.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use salvia::Revision;
use tokio::sync::Notify;

use crate::lab::{Run, lock};
use crate::operation::Question;
use crate::oracle::{Nodes, Oracle, one};
use crate::program::State;

/// One revision.
#[derive(Debug)]
pub(crate) struct Epoch {
    pub(crate) state: State,
    oracle: OnceLock<Oracle>,
}

impl Epoch {
    pub(crate) fn oracle(&self) -> &Oracle {
        self.oracle.get_or_init(|| Oracle::new(&self.state))
    }
}

#[derive(Debug)]
pub(crate) struct History {
    newest: Mutex<State>,
    epochs: Mutex<HashMap<Revision, Arc<Epoch>>>,
    recorded: Notify,
    /// What was asked at each revision, answered or not.
    roots: Mutex<HashMap<Revision, Nodes>>,
    stamps: AtomicU64,
}

impl History {
    pub(crate) fn new(state: State) -> Self {
        Self {
            newest: Mutex::new(state),
            epochs: Mutex::default(),
            recorded: Notify::new(),
            roots: Mutex::default(),
            stamps: AtomicU64::new(0),
        }
    }

    /// A number no other mutation stamps.
    pub(crate) fn stamp(&self) -> u64 {
        self.stamps.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// What the last closure to end has left; exact inside a closure, a hint elsewhere.
    pub(crate) fn newest(&self) -> State {
        lock(&self.newest).clone()
    }

    /// A closure ends with this state.
    pub(crate) fn replace_newest(&self, state: State) {
        *lock(&self.newest) = state;
    }

    /// The inputs at this revision are known.
    pub(crate) fn record(&self, revision: Revision, state: &State) -> Result<(), String> {
        let mut epochs = lock(&self.epochs);
        if let Some(known) = epochs.get(&revision) {
            let again = known.state == *state;
            return if again {
                Ok(())
            } else {
                Err(format!(
                    "two states are revision {revision}:\n{}\nand\n{state}",
                    known.state
                ))
            };
        }
        epochs.insert(
            revision,
            Arc::new(Epoch {
                state: state.clone(),
                oracle: OnceLock::new(),
            }),
        );
        drop(epochs);
        self.recorded.notify_waiters();
        Ok(())
    }

    /// The revision, as soon as it is recorded. The watchdog sees to it that this ends.
    pub(crate) async fn at(&self, revision: Revision) -> Arc<Epoch> {
        loop {
            // Registered before the look, so that no record slips in between.
            let recorded = self.recorded.notified();
            if let Some(epoch) = lock(&self.epochs).get(&revision) {
                return Arc::clone(epoch);
            }
            recorded.await;
        }
    }

    /// Something is about to be asked at this revision.
    pub(crate) fn asks(&self, revision: Revision, question: &Question) {
        *lock(&self.roots).entry(revision).or_default() |= question.roots();
    }

    /// Every body ran to its end at most once at a revision, and ran only where something asked
    /// reads it.
    pub(crate) fn check_runs(&self, started: &[Run], mut finished: Vec<Run>) -> Result<(), String> {
        finished.sort_unstable();
        if let Some(twice) = finished.windows(2).find(|pair| pair[0] == pair[1]) {
            let (revision, node) = twice[0];
            return Err(format!(
                "n{node} ran to its end twice at revision {revision}"
            ));
        }
        let (epochs, roots) = (lock(&self.epochs), lock(&self.roots));
        let needed = |revision| {
            let epoch = epochs.get(&revision)?;
            Some(epoch.oracle().needed(*roots.get(&revision)?))
        };
        let mut known = HashMap::new();
        for &(revision, node) in started {
            let needed = *known
                .entry(revision)
                .or_insert_with(|| needed(revision).unwrap_or(0));
            if needed & one(node) == 0 {
                return Err(format!(
                    "n{node} ran at revision {revision}, where nothing asked reads it"
                ));
            }
        }
        Ok(())
    }
}
