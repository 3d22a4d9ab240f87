//! Whom a commit has still to tell.

use crate::node::edge::{Edge, ReverseEdge};
use crate::node::readers::Readers;

/// Reverse edges still to follow, each list with the node whose they were.
#[derive(Default)]
pub(crate) struct Work {
    /// The ones that are followed now: of a chain there are never others.
    now: Option<(Edge, Readers)>,
    then: Vec<(Edge, Readers)>,
}

impl Work {
    /// Adds the readers of a node, to be followed before all others.
    pub(crate) fn push(&mut self, readers: (Edge, Readers)) {
        let before = self.now.replace(readers);
        self.then
            .extend(before.filter(|(_, readers)| !readers.is_empty()));
    }

    pub(crate) fn is_empty(&self) -> bool {
        let nobody_now = |(_, readers): &(Edge, Readers)| readers.is_empty();
        self.now.as_ref().is_none_or(nobody_now) && self.then.is_empty()
    }

    /// The next one to be told, and of what.
    pub(crate) fn pop(&mut self) -> Option<(ReverseEdge, Edge)> {
        loop {
            let (changed, readers) = self.now.as_mut()?;
            if let Some(reader) = readers.pop() {
                return Some((reader, *changed));
            }
            self.now = self.then.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Those of a node are told before the rest of those it was told among.
    #[test]
    fn every_list_is_followed_to_its_end() {
        let edge = |slot| Edge {
            slot,
            generation: 0,
        };
        let mut work = Work::default();
        for (slot, reader) in [(1, 10), (2, 20)] {
            let mut readers = Readers::default();
            readers.add(ReverseEdge { reader, number: 0 });
            work.push((edge(slot), readers));
        }
        for (slot, reader) in [(2, 20), (1, 10)] {
            assert!(!work.is_empty());
            let next = work.pop().map(|(told, changed)| (changed, told.reader));
            assert_eq!(next, Some((edge(slot), reader)));
        }
        assert!(work.is_empty() && work.pop().is_none());
    }
}
