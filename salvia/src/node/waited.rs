//! What an update waited for, and how long: the tally of one that is running, and what is kept of
//! the last.
//!
//! A tally is made when an update first has to wait, so one that ends where it was asked for has
//! none and is not measured. An update waits while it rests between two polls; whether for queries
//! is known from how many fetches are pending then. A wait for a query is what the update has rested
//! from the fetch's first pending poll to its end: so no wait is longer than all, and those for
//! several queries overlap and say nothing when added up.

use std::cmp::Reverse;
use std::time::Duration;

use crate::node::edge::Edge;
use crate::revision::Revision;
use crate::sync::Instant;

/// So many of the longest waits are kept.
const LONGEST: usize = 4;

/// A wait for one query.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Awaited {
    pub(crate) edge: Edge,
    pub(crate) time: Duration,
}

/// The waits of a running update.
#[derive(Default, Debug)]
pub(crate) struct Tally {
    /// How many queries it is waiting for now.
    open: u32,
    /// Waits that are not among the longest.
    others: u32,
    total: Duration,
    outside: Duration,
    /// Since when it rests, if it does.
    resting: Option<Instant>,
    /// In place, and in no order: most updates that wait do so for one query, and once.
    longest: [Option<Awaited>; LONGEST],
}

/// The waits of the last update of a node that had any. What they are of is read off the
/// revisions: a node is not checked at the revision at which it ran.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Waited {
    pub(crate) ran_at: Revision,
    /// Of the update that waited: the last run, or a later check.
    pub(crate) at: Revision,
    /// How long the update was waiting, and how much of that for no query.
    pub(crate) total: Duration,
    pub(crate) outside: Duration,
    /// The longest first.
    pub(crate) longest: Box<[Awaited]>,
    /// How many more there were.
    pub(crate) others: u32,
}

impl Tally {
    /// The update has to wait to be polled again. No wait begins or ends in between: a body cannot leave its context to a task.
    pub(crate) fn rest(&mut self) {
        self.resting = Some(Instant::now());
    }

    /// The update is polled again.
    pub(crate) fn go_on(&mut self) {
        if let Some(since) = self.resting.take() {
            self.rested(since.elapsed());
        }
    }

    fn rested(&mut self, time: Duration) {
        self.total += time;
        if self.open == 0 {
            self.outside += time;
        }
    }

    /// A wait for a query begins. Gives how long the update had waited before.
    pub(crate) fn begin(&mut self) -> Duration {
        self.open += 1;
        self.total
    }

    /// That wait is over, with or without the value.
    pub(crate) fn end(&mut self, edge: Edge, before: Duration) {
        self.open = self.open.saturating_sub(1);
        let time = self.total.saturating_sub(before);
        if !time.is_zero() {
            self.note(Awaited { edge, time });
        }
    }

    fn note(&mut self, awaited: Awaited) {
        let mut all = self.longest.iter_mut().flatten();
        if let Some(same) = all.find(|each| each.edge == awaited.edge) {
            same.time = same.time.max(awaited.time);
            return;
        }
        if let Some(free) = self.longest.iter_mut().find(|each| each.is_none()) {
            *free = Some(awaited);
            return;
        }
        self.others = self.others.saturating_add(1);
        let shortest = self
            .longest
            .iter_mut()
            .flatten()
            .min_by_key(|each| each.time);
        if let Some(shortest) = shortest.filter(|shortest| shortest.time < awaited.time) {
            *shortest = awaited;
        }
    }

    /// What is still waited for is no longer what keeps the update: it goes on without.
    pub(crate) fn leave(&mut self) {
        self.open = 0;
    }

    /// What is kept of it; nothing if it came to no time.
    pub(crate) fn finish(mut self, at: Revision) -> Option<Box<Waited>> {
        if self.total.is_zero() {
            return None;
        }
        // What is not there comes last.
        self.longest
            .sort_by_key(|each| Reverse(each.map(|each| each.time)));
        let all = self.longest.into_iter().flatten();
        let mut longest = Vec::with_capacity(all.clone().count());
        longest.extend(all);
        Some(Box::new(Waited {
            ran_at: at,
            at,
            total: self.total,
            outside: self.outside,
            longest: longest.into_boxed_slice(),
            others: self.others,
        }))
    }
}

impl Waited {
    /// What it takes, with the box it is in.
    pub(crate) fn heap_bytes(&self) -> usize {
        size_of::<Self>() + size_of_val(&*self.longest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(time: u64) -> Duration {
        Duration::from_millis(time)
    }

    fn awaited(slot: u32, time: u64) -> Awaited {
        Awaited {
            edge: edge(slot),
            time: ms(time),
        }
    }

    fn edge(slot: u32) -> Edge {
        Edge {
            slot,
            generation: 0,
        }
    }

    fn kept(tally: Tally) -> Waited {
        *tally.finish(Revision::FIRST).expect("it waited")
    }

    #[test]
    fn the_longest_waits_are_kept_and_the_others_counted() {
        let mut tally = Tally::default();
        for (slot, time) in [(0, 3), (1, 9), (2, 5), (3, 4), (4, 1), (5, 7), (6, 0)] {
            let before = tally.begin();
            tally.rested(ms(time));
            tally.end(edge(slot), before);
        }
        let kept = kept(tally);
        let expected = [(1, 9), (5, 7), (2, 5), (3, 4)].map(|(slot, time)| awaited(slot, time));
        assert_eq!((&*kept.longest, kept.others), (&expected[..], 2));
    }

    #[test]
    fn several_waits_for_one_query_are_as_long_as_the_longest() {
        let mut tally = Tally::default();
        for time in [2, 6, 4] {
            let before = tally.begin();
            tally.rested(ms(time));
            tally.end(edge(8), before);
        }
        assert_eq!(*kept(tally).longest, [awaited(8, 6)]);
    }

    #[test]
    fn time_without_a_query_to_wait_for_is_spent_outside() {
        let mut tally = Tally::default();
        tally.rested(ms(1));
        let (first, second) = (tally.begin(), tally.begin());
        tally.rested(ms(2));
        tally.end(edge(0), first);
        tally.rested(ms(4));
        tally.end(edge(1), second);
        tally.rested(ms(8));
        tally.begin();
        tally.rested(ms(16));
        // The body begins, and leaves a check in flight.
        tally.leave();
        tally.rested(ms(32));
        let kept = kept(tally);
        assert_eq!((kept.total, kept.outside), (ms(63), ms(41)));
        assert_eq!(*kept.longest, [awaited(1, 6), awaited(0, 2)]);
    }

    #[test]
    fn what_came_to_no_time_is_not_kept() {
        let mut tally = Tally::default();
        let before = tally.begin();
        tally.rested(ms(0));
        tally.end(edge(0), before);
        assert_eq!(tally.finish(Revision::FIRST), None);
    }
}
