//! Operations of the sequential driver, as data: printable, replayable, and any part of a list of
//! them is a valid list again, which is what shrinking needs.

use std::fmt;

use salvia::Collect;

use crate::program::{State, Write};

/// How a mutation ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// `mutate`
    Commit,
    /// `mutate_pinned`
    Pinned,
    /// `try_mutate` with `Ok`
    TryCommit,
    /// `try_mutate` with `Err`
    RollBack,
    /// The closure panics after its writes.
    Panic,
    /// The future is dropped after the writes.
    Abandon,
}

impl End {
    pub(crate) fn commits(self) -> bool {
        matches!(self, End::Commit | End::Pinned | End::TryCommit)
    }
}

/// One mutation.
#[derive(Debug, Clone)]
pub(crate) struct Mutation {
    pub(crate) writes: Vec<Write>,
    pub(crate) end: End,
    /// Reads every slot inside the mutation, after the writes.
    pub(crate) peek: bool,
}

impl Mutation {
    /// The state a commit of it leads to.
    pub(crate) fn applied_to(&self, state: &State) -> State {
        let mut state = state.clone();
        self.writes.iter().for_each(|write| state.apply(write));
        state
    }
}

/// What one request asks for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Question {
    pub(crate) nodes: Vec<u16>,
    /// All nodes at once instead of one after the other.
    pub(crate) joined: bool,
}

/// One step of the sequential driver.
#[derive(Debug, Clone)]
pub(crate) enum Op {
    Mutate(Mutation),
    Ask(Question),
    /// Reads a slot in a query.
    Slot(u16),
    /// Takes a snapshot.
    Hold,
    /// Drops one of the held snapshots, by number modulo their count.
    Release(usize),
    /// Asks one of the held snapshots.
    AskHeld(usize, Question),
    Collect(Collect),
}

impl Op {
    /// How many operations it counts as.
    pub(crate) fn cost(&self) -> u64 {
        match self {
            Op::Mutate(_) | Op::Slot(_) => 1,
            Op::Ask(question) | Op::AskHeld(_, question) => question.nodes.len() as u64,
            Op::Hold | Op::Release(_) | Op::Collect(_) => 0,
        }
    }
}

impl fmt::Display for Mutation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}{}", self.end, if self.peek { " peek" } else { "" })?;
        self.writes
            .iter()
            .try_for_each(|write| write!(f, "; {write}"))
    }
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}{:?}",
            if self.joined { "join " } else { "" },
            self.nodes
        )
    }
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Op::Mutate(mutation) => write!(f, "mutate {mutation}"),
            Op::Ask(question) => write!(f, "ask {question}"),
            Op::Slot(slot) => write!(f, "read i{slot}"),
            Op::Hold => f.write_str("hold"),
            Op::Release(which) => write!(f, "release #{which}"),
            Op::AskHeld(which, question) => write!(f, "ask held #{which} {question}"),
            Op::Collect(what) => write!(f, "collect {what:?}"),
        }
    }
}
