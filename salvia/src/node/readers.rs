//! Whom to tell when a node stops being clean: its reverse edges.
//!
//! Most nodes have one reader, which takes no memory of its own. A list may name readers that
//! have moved on; when it has doubled it is compacted. Readers that need not be told stand apart, and stay there.

use crate::node::edge::ReverseEdge;
use crate::sync::MODELLED;

/// A list shorter than this is never compacted.
const COMPACT_FROM: u32 = if MODELLED { 3 } else { 32 };

#[derive(Debug, Default)]
pub(crate) enum Readers {
    #[default]
    None,
    One(ReverseEdge),
    Many(Box<List>),
}

#[derive(Debug)]
pub(crate) struct List {
    entries: Vec<ReverseEdge>,
    /// Those that are not to be told (`ReverseEdge::listed`).
    listed: Vec<ReverseEdge>,
    /// How often the list was drained or compacted.
    replaced: u32,
    /// The length at which it is compacted next.
    compact_at: u32,
}

/// A list as it was when its compaction began.
pub(crate) struct Compacting {
    entries: Vec<ReverseEdge>,
    listed: Vec<ReverseEdge>,
    replaced: u32,
}

impl Compacting {
    /// All that stood there.
    pub(crate) fn all(&self) -> impl Iterator<Item = ReverseEdge> {
        self.entries.iter().chain(&self.listed).copied()
    }
}

impl List {
    fn of(first: ReverseEdge) -> Self {
        let mut list = List {
            entries: Vec::new(),
            listed: Vec::new(),
            replaced: 0,
            compact_at: COMPACT_FROM,
        };
        list.push(first);
        list
    }

    fn push(&mut self, reader: ReverseEdge) {
        if reader.is_listed() {
            self.listed.push(reader);
        } else {
            self.entries.push(reader);
        }
    }

    fn len(&self) -> usize {
        self.entries.len() + self.listed.len()
    }
}

impl Readers {
    /// Adds a reader. True if the list has grown enough to be compacted.
    pub(crate) fn add(&mut self, reader: ReverseEdge) -> bool {
        match self {
            Readers::None => *self = Readers::One(reader),
            Readers::One(first) => {
                let mut list = Box::new(List::of(*first));
                list.push(reader);
                *self = Readers::Many(list);
            }
            Readers::Many(list) => {
                list.push(reader);
                return list.len() >= list.compact_at as usize;
            }
        }
        false
    }

    /// Takes all readers out that are to be told.
    pub(crate) fn drain(&mut self) -> Readers {
        let list = match self {
            Readers::Many(list) => list,
            Readers::One(reader) if reader.is_listed() => return Readers::None,
            _ => return std::mem::take(self),
        };
        // The list itself stays, with the count that tells a compaction of it that it is over.
        let replaced = list.replaced;
        list.replaced = replaced.wrapping_add(1);
        Readers::Many(Box::new(List {
            entries: std::mem::take(&mut list.entries),
            listed: Vec::new(),
            replaced,
            compact_at: COMPACT_FROM,
        }))
    }

    pub(crate) fn pop(&mut self) -> Option<ReverseEdge> {
        match self {
            Readers::None => None,
            Readers::Many(list) => list.entries.pop(),
            Readers::One(reader) => {
                let reader = *reader;
                *self = Readers::None;
                Some(reader)
            }
        }
    }

    /// What they take on the heap.
    pub(crate) fn heap_bytes(&self) -> usize {
        match self {
            Readers::None | Readers::One(_) => 0,
            Readers::Many(list) => {
                let entries = list.entries.capacity() + list.listed.capacity();
                size_of::<List>() + entries * size_of::<ReverseEdge>()
            }
        }
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Readers::None => 0,
            Readers::One(_) => 1,
            Readers::Many(list) => list.len(),
        }
    }

    /// How many of them are readers of those who borrow its end.
    pub(crate) fn passed_on(&self) -> usize {
        match self {
            Readers::Many(list) => list.entries.iter().filter(|entry| entry.is_via()).count(),
            Readers::None | Readers::One(_) => 0,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Begins a compaction. Gives what to look at, or `None` if there is nothing.
    pub(crate) fn begin_compaction(&mut self) -> Option<Compacting> {
        if let Readers::One(reader) = *self {
            *self = Readers::Many(Box::new(List::of(reader)));
        }
        let Readers::Many(list) = self else {
            return None;
        };
        // However much it grows until this one ends.
        list.compact_at = u32::MAX;
        Some(Compacting {
            entries: list.entries.clone(),
            listed: list.listed.clone(),
            replaced: list.replaced,
        })
    }

    /// Ends a compaction with those of its entries that are to stay, each once. False if the list was drained meanwhile, or
    /// another compaction was faster: what is in it now was not looked at.
    pub(crate) fn end_compaction(
        &mut self,
        looked_at: &Compacting,
        alive: impl Iterator<Item = ReverseEdge>,
    ) -> bool {
        let Readers::Many(list) = self else {
            return false;
        };
        let is_there = list.replaced == looked_at.replaced;
        if is_there {
            let new = list.entries.split_off(looked_at.entries.len());
            let new_listed = list.listed.split_off(looked_at.listed.len());
            (list.entries, list.listed) = (Vec::new(), Vec::new());
            alive
                .chain(new)
                .chain(new_listed)
                .for_each(|reader| list.push(reader));
            list.replaced = list.replaced.wrapping_add(1);
        }
        list.compact_at = COMPACT_FROM.max(2 * list.len() as u32);
        is_there
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(number: u32) -> ReverseEdge {
        ReverseEdge { reader: 1, number }
    }

    fn all(mut readers: Readers) -> Vec<u32> {
        let mut numbers: Vec<u32> = std::iter::from_fn(|| readers.pop())
            .map(|reader| reader.number)
            .collect();
        numbers.sort_unstable();
        numbers
    }

    #[test]
    fn every_reader_is_told_once() {
        for count in 0..5 {
            let mut readers = Readers::default();
            assert!(readers.is_empty());
            (0..count).for_each(|number| assert!(!readers.add(reader(number))));
            assert_eq!(all(readers.drain()), (0..count).collect::<Vec<_>>());
            assert!(readers.is_empty());
        }
    }

    #[test]
    fn who_is_not_to_be_told_stays() {
        for count in 0..5 {
            for listed in 0..3 {
                let mut readers = Readers::default();
                (0..listed).for_each(|reader| assert!(!readers.add(ReverseEdge::listed(reader))));
                (0..count).for_each(|number| assert!(!readers.add(reader(number))));
                assert_eq!(readers.len(), (count + listed) as usize);
                assert_eq!(all(readers.drain()), (0..count).collect::<Vec<_>>());
                assert_eq!(readers.len(), listed as usize);
                let Some(looked_at) = readers.begin_compaction() else {
                    continue;
                };
                readers.add(ReverseEdge::listed(7));
                let alive = looked_at.all().take(1);
                assert!(readers.end_compaction(&looked_at, alive));
                assert_eq!(readers.len(), 1 + listed.min(1) as usize);
                assert!(readers.drain().is_empty());
            }
        }
    }

    #[test]
    fn a_compaction_keeps_what_lives_and_what_came_meanwhile() {
        let mut readers = Readers::default();
        let full: Vec<bool> = (0..COMPACT_FROM)
            .map(|number| readers.add(reader(number)))
            .collect();
        assert_eq!(full.iter().filter(|&&full| full).count(), 1);
        let looked_at = readers.begin_compaction().expect("there is a list");
        readers.add(reader(100));
        assert!(readers.end_compaction(&looked_at, [reader(3)].into_iter()));
        assert_eq!(all(readers), [3, 100]);
    }

    #[test]
    fn a_compaction_leaves_a_list_alone_that_was_drained_meanwhile() {
        let mut readers = Readers::default();
        for number in 0..40 {
            readers.add(reader(number));
        }
        let looked_at = readers.begin_compaction().expect("there is a list");
        readers.drain();
        readers.add(reader(7));
        assert!(!readers.end_compaction(&looked_at, std::iter::empty()));
        assert_eq!(all(readers), [7]);
    }

    #[test]
    fn of_two_compactions_the_one_that_ends_first_counts() {
        let mut readers = Readers::default();
        for number in 0..9 {
            readers.add(reader(number));
        }
        let slow = readers.begin_compaction().expect("there is a list");
        readers.add(reader(9));
        let fast = readers.begin_compaction().expect("there is a list");
        assert!(readers.end_compaction(&fast, [reader(3)].into_iter()));
        assert!(!readers.end_compaction(&slow, [reader(4)].into_iter()));
        assert_eq!(all(readers), [3]);
    }
}
