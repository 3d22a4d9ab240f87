//! Habits: what a body that runs again is likely to read next, which is what it read at this place the last time.
//!
//! Who looks there first needs neither a hash nor the table. It is a hint and no more: what stands there is compared like any
//! candidate of the table, and a body that goes other ways is soon left alone. So no thread relies on what another one writes
//! here.

use std::hint::black_box;

use crate::node::edge::Edge;
use crate::node::memo::Memo;
use crate::runtime::store::Store;
use crate::sync::{AtomicU32, OnceCell, Ordering};

/// To keep fewer reads in mind costs more than it saves.
const WORTH: u32 = 4;

/// So many nodes are touched beforehand.
const AHEAD: usize = 64;

/// So many guesses may be wrong; then one for every four that are right.
const FREE: u32 = 4;

#[derive(Default)]
pub(crate) struct Habit {
    /// What was read the last time. Copied: a memo that is held here would keep a value that is out of use.
    reads: OnceCell<Box<[Edge]>>,
    /// How many of them were met again.
    met: AtomicU32,
    wrong: AtomicU32,
}

impl Habit {
    /// Takes up what was read for `before`.
    pub(crate) fn learn(&self, before: &Memo, store: &Store) {
        let edges = before.finding().map(|finding| &finding.edges);
        let Some(edges) = edges.filter(|edges| edges.len() >= WORTH) else {
            return;
        };
        let reads: Box<[Edge]> = edges.iter().collect();
        // The body comes by them one after the other, and would wait for the memory of each; this waits for all at once.
        for read in reads.iter().take(AHEAD) {
            black_box(store.node(read.slot).is_vacant());
        }
        // A body begins once.
        let _ = self.reads.set(reads);
    }

    /// What is likely to be read next.
    #[inline]
    pub(crate) fn guess(&self) -> Option<Edge> {
        let reads = self.reads.get()?;
        let next = self.met.load(Ordering::Relaxed);
        reads.get(next as usize).copied()
    }

    /// Notes whether the guess was right.
    #[inline]
    pub(crate) fn judge(&self, right: bool) {
        let met = self.met.load(Ordering::Relaxed);
        if right {
            self.met.store(met + 1, Ordering::Relaxed);
            return;
        }
        let wrong = self.wrong.load(Ordering::Relaxed) + 1;
        self.wrong.store(wrong, Ordering::Relaxed);
        if wrong > FREE + met / 4 {
            // Behind the last read there is nothing to guess.
            self.met.store(u32::MAX, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn habit(reads: u32) -> Habit {
        let edge = |slot| Edge {
            slot,
            generation: 0,
        };
        Habit {
            reads: OnceCell::with_value((0..reads).map(edge).collect()),
            ..Habit::default()
        }
    }

    fn guess(habit: &Habit) -> Option<u32> {
        habit.guess().map(|edge| edge.slot)
    }

    #[test]
    fn a_right_guess_leads_to_the_next_and_a_wrong_one_stays() {
        let habit = habit(3);
        let guesses = [true, false, true, true, true].map(|right| {
            let slot = guess(&habit);
            if slot.is_some() {
                habit.judge(right);
            }
            slot
        });
        assert_eq!(guesses, [Some(0), Some(1), Some(1), Some(2), None]);
    }

    #[test]
    fn who_is_wrong_too_often_stops_guessing() {
        let habit = habit(1_000);
        for _ in 0..100 {
            habit.judge(true);
        }
        let wrong = std::iter::from_fn(|| {
            guess(&habit)?;
            habit.judge(false);
            Some(())
        });
        assert_eq!(wrong.count(), 30);
    }

    #[test]
    fn without_a_last_time_there_is_no_guess() {
        assert_eq!(guess(&Habit::default()), None);
    }
}
