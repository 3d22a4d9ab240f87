//! Habits: what a body that runs again is likely to read next, which is what it read at this place the last time.
//!
//! Who looks there first needs neither a hash nor the table. It is a hint and no more: what stands there is compared like any
//! candidate of the table. A read that is new costs one wrong guess, and so does one that is gone; a body that goes other ways
//! is soon left alone. Several threads may use a frame: then a guess is wrong now and then.

use std::hint::black_box;

use crate::bug::planted;
use crate::node::dirty::DirtyEdges;
use crate::node::edge::Edge;
use crate::node::memo::Memo;
use crate::runtime::store::Store;
use crate::sync::{AtomicU32, MODELLED, OnceLock, Ordering};

/// To keep fewer reads in mind costs more than it saves.
const WORTH: usize = if MODELLED { 1 } else { 4 };

/// No more of them are: a body that reads few this time should not pay for all.
const MOST: usize = 16_384;

/// So many nodes are touched beforehand.
const AHEAD: usize = 64;

/// So many guesses may be wrong; then one for every four that are right.
const FREE: u32 = 4;

#[derive(Default)]
pub(crate) struct Habit {
    known: OnceLock<Known>,
    /// Which of them is next: so many were met again, or are gone.
    next: AtomicU32,
    wrong: AtomicU32,
}

struct Known {
    /// What was read the last time. Copied: a memo that is held here would keep a value that is out of use.
    reads: Box<[Edge]>,
    /// Those of them that are no longer subscribed to, if the others are.
    dirty: Option<DirtyEdges>,
}

impl Habit {
    /// Whether enough was read for `before`.
    pub(crate) fn is_worth(before: &Memo) -> bool {
        before.edges().len() >= WORTH
    }

    /// Takes up what was read for `before`, and which of its edges are not subscribed to, if the others are.
    pub(crate) fn learn(&self, before: &Memo, dirty: Option<DirtyEdges>, store: &Store) {
        let edges = before.edges();
        let reads: Box<[Edge]> = edges[..edges.len().min(MOST)].into();
        // The body comes by them one after the other, and would wait for the memory of each. Where loads may overtake each
        // other this waits for all at once.
        for read in reads.iter().take(AHEAD) {
            black_box(store.node(read.slot).is_vacant());
        }
        // A body begins once.
        let _ = self.known.set(Known { reads, dirty });
    }

    /// What is likely to be read next.
    #[inline]
    pub(crate) fn guess(&self) -> Option<Edge> {
        self.read(self.next.load(Ordering::Relaxed))
    }

    #[inline]
    fn read(&self, place: u32) -> Option<Edge> {
        self.known.get()?.reads.get(place as usize).copied()
    }

    /// Whether `edge` was read at this place the last time, and is still subscribed to if nobody was told anything since.
    #[inline]
    pub(crate) fn is_kept(&self, place: u32, edge: Edge) -> bool {
        let is_kept = |known: &Known| {
            let dirty = known.dirty.as_ref();
            known.reads.get(place as usize) == Some(&edge)
                && dirty
                    .is_some_and(|dirty| !dirty.contains(place) || planted("dirty-read-followed"))
        };
        self.known.get().is_some_and(is_kept)
    }

    /// The guess was right.
    #[inline]
    pub(crate) fn was_right(&self) {
        let next = self.next.load(Ordering::Relaxed);
        self.next.store(next.saturating_add(1), Ordering::Relaxed);
    }

    /// The guess was wrong: this was read.
    pub(crate) fn was_wrong(&self, read: Option<Edge>) {
        let next = self.next.load(Ordering::Relaxed);
        let wrong = self.wrong.load(Ordering::Relaxed).saturating_add(1);
        self.wrong.store(wrong, Ordering::Relaxed);
        if wrong > FREE.saturating_add(next / 4) {
            // Behind the last read there is nothing to guess.
            self.next.store(u32::MAX, Ordering::Relaxed);
        } else if read.is_some() && read == self.read(next.saturating_add(1)) {
            // What was guessed is gone.
            self.next.store(next.saturating_add(2), Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge(slot: u32) -> Edge {
        Edge {
            slot,
            generation: 0,
        }
    }

    fn habit(reads: u32) -> Habit {
        Habit {
            known: OnceLock::from(Known {
                reads: (0..reads).map(edge).collect(),
                dirty: None,
            }),
            ..Habit::default()
        }
    }

    /// What is guessed when these are read.
    fn guesses(habit: &Habit, reads: &[u32]) -> Vec<Option<u32>> {
        let guess = |&read: &u32| {
            let guess = habit.guess()?;
            match guess == edge(read) {
                true => habit.was_right(),
                false => habit.was_wrong(Some(edge(read))),
            }
            Some(guess.slot)
        };
        reads.iter().map(guess).collect()
    }

    #[test]
    fn what_is_new_and_what_is_gone_costs_one_wrong_guess() {
        let read = guesses(&habit(6), &[0, 1, 9, 2, 4, 5, 7]);
        assert_eq!(
            read,
            [Some(0), Some(1), Some(2), Some(2), Some(3), Some(5), None]
        );
    }

    #[test]
    fn who_is_wrong_too_often_stops_guessing_for_good() {
        let habit = habit(1_000);
        (0..100).for_each(|_| habit.was_right());
        let wrong = std::iter::from_fn(|| {
            habit.guess()?;
            habit.was_wrong(None);
            Some(())
        });
        assert_eq!(wrong.count(), 30);
        // Another thread had guessed before.
        habit.was_right();
        habit.was_wrong(Some(edge(1)));
        assert_eq!(habit.guess(), None);
    }

    #[test]
    fn without_a_last_time_there_is_no_guess() {
        assert_eq!(Habit::default().guess(), None);
    }
}
