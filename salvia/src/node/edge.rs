//! Edges: "A read B, as its i-th read", and the reverse, kept at B.
//!
//! Both are slot numbers, not pointers: recording one touches no shared reference count, and
//! the two together take 16 bytes. A slot may be given to another bound query one day, so an
//! edge carries the generation it meant.

use crate::bug::planted;
use crate::node::few::Few;
use crate::sync::HashSet;

/// One read of a node, as its reader keeps it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Edge {
    pub(crate) slot: u32,
    pub(crate) generation: u32,
}

/// "Node `reader` may have this node as its edge number `number`": whom to tell of a change.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct ReverseEdge {
    pub(crate) reader: u32,
    pub(crate) number: u32,
}

impl ReverseEdge {
    /// No edges have these numbers.
    const VIA: u32 = u32::MAX;
    const LISTED: u32 = u32::MAX - 1;

    /// "Node `borrower` borrows the end of this node's interval, and has readers who are to be told when it ends".
    pub(crate) fn via(borrower: u32) -> Self {
        ReverseEdge {
            reader: borrower,
            number: ReverseEdge::VIA,
        }
    }

    pub(crate) fn is_via(self) -> bool {
        self.number == ReverseEdge::VIA
    }

    /// "Node `borrower` has read this node and nothing else, and need not be told of changes, since it borrows its end".
    pub(crate) fn listed(borrower: u32) -> Self {
        ReverseEdge {
            reader: borrower,
            number: ReverseEdge::LISTED,
        }
    }

    pub(crate) fn is_listed(self) -> bool {
        self.number == ReverseEdge::LISTED
    }
}

/// The edges of one finished execution, in the order in which their values arrived.
#[derive(Clone, Debug, Default)]
pub(crate) struct Edges {
    /// Where calls overlapped, behind the edges for each how many edges there were when its query
    /// was called, two to an entry, and last an entry that says how many edges there are. Without
    /// that each was called after the one before.
    list: Few<Edge>,
}

/// A slot has fewer generations than this.
pub(crate) const LAST_GENERATION: u32 = u32::MAX;

const COUNT: u32 = LAST_GENERATION;

impl Edges {
    fn new(mut list: Few<Edge>, after: Option<Vec<u32>>) -> Self {
        if let Some(after) = after {
            let count = list.as_slice().len() as u32;
            for pair in after.chunks(2) {
                list.push(Edge {
                    slot: pair[0],
                    generation: pair.get(1).copied().unwrap_or_default(),
                });
            }
            list.push(Edge {
                slot: count,
                generation: COUNT,
            });
        }
        let list = list.shrunk();
        Edges { list }
    }

    /// How many there are, and whether calls overlapped.
    fn count(&self) -> (u32, bool) {
        let list = self.list.as_slice();
        match list.last() {
            Some(last) if last.generation == COUNT => (last.slot, true),
            _ => (list.len() as u32, false),
        }
    }

    pub(crate) fn len(&self) -> u32 {
        self.count().0
    }

    pub(crate) fn as_slice(&self) -> &[Edge] {
        &self.list.as_slice()[..self.len() as usize]
    }

    /// The first of them, each called after the one before.
    pub(crate) fn in_a_row(edges: &[Edge]) -> Self {
        let list = edges.into();
        Edges { list }
    }

    /// What they take on the heap.
    pub(crate) fn heap_bytes(&self) -> usize {
        self.list.heap_bytes()
    }

    pub(crate) fn get(&self, number: u32) -> Option<Edge> {
        (number < self.len()).then(|| self.list.as_slice()[number as usize])
    }

    /// How many edges were known when edge `number` was asked for.
    pub(crate) fn after(&self, number: u32) -> u32 {
        let (count, overlapped) = self.count();
        if !overlapped || number >= count {
            return number;
        }
        let pair = self.list.as_slice()[(count + number / 2) as usize];
        if number.is_multiple_of(2) {
            pair.slot
        } else {
            pair.generation
        }
    }
}

/// The edges of a running execution.
#[derive(Debug, Default)]
pub(crate) struct EdgeList {
    list: Few<Edge>,
    /// They are not, one by one, those of the execution before.
    strays: bool,
    after: Option<Vec<u32>>,
    /// Finds a repeated read once a linear search would be slow.
    index: Option<HashSet<Edge>>,
}

/// From this many edges on a repeated read is found by hash.
const INDEX_FROM: usize = 16;

impl EdgeList {
    /// Of an execution that has read these, each once and after the one before, with room for `room`.
    pub(crate) fn of(read: &[Edge], room: usize) -> Self {
        let mut list = Few::with_room(room);
        read.iter().for_each(|&edge| list.push(edge));
        EdgeList {
            list,
            ..EdgeList::default()
        }
    }

    pub(crate) fn get(&self, number: u32) -> Option<Edge> {
        self.list.as_slice().get(number as usize).copied()
    }

    pub(crate) fn len(&self) -> u32 {
        self.list.as_slice().len() as u32
    }

    /// Adds a read and gives its number; `None` if the node was read before, which is one edge.
    /// `expected` is what the execution before read at this place.
    pub(crate) fn push(&mut self, edge: Edge, after: u32, expected: Option<Edge>) -> Option<u32> {
        // What an execution has read is told apart already: only who strays has to be searched for.
        // (If another memo has come in place meanwhile, a repeat may be an edge more: no harm.)
        self.strays |= expected != Some(edge);
        if self.strays && !self.is_new(edge) && !planted("repeats-are-edges") {
            return None;
        }
        let number = self.len();
        if after != number && self.after.is_none() {
            self.after = Some((0..number).collect());
        }
        if let Some(list) = &mut self.after {
            list.push(after);
        }
        self.list.push(edge);
        Some(number)
    }

    fn is_new(&mut self, edge: Edge) -> bool {
        let list = self.list.as_slice();
        if list.len() < INDEX_FROM {
            return !list.contains(&edge);
        }
        self.index
            .get_or_insert_with(|| list.iter().copied().collect())
            .insert(edge)
    }

    pub(crate) fn finish(self) -> Edges {
        Edges::new(self.list, self.after)
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

    #[test]
    fn an_edge_with_its_reverse_takes_sixteen_bytes() {
        assert_eq!(size_of::<Edge>() + size_of::<ReverseEdge>(), 16);
    }

    #[test]
    fn a_repeated_read_is_one_edge_however_many_there_are() {
        let mut edges = EdgeList::default();
        for slot in 0..100 {
            assert_eq!(edges.push(edge(slot), slot, None), Some(slot));
            assert_eq!(edges.push(edge(slot / 2), slot, None), None);
        }
        assert_eq!(edges.finish().len(), 100);
    }

    #[test]
    fn a_repeated_read_is_one_edge_also_of_who_reads_what_was_read_before() {
        let before: Vec<Edge> = (0..100).map(edge).collect();
        let mut edges = EdgeList::default();
        let mut read = |slot: u32| {
            let expected = before.get(edges.len() as usize).copied();
            edges.push(edge(slot), 0, expected)
        };
        for slot in 0..50 {
            assert_eq!(read(slot), Some(slot));
        }
        assert_eq!(read(7), None, "read before, in the old order");
        // Skips one, and meets it again where the execution before read something else.
        assert_eq!(read(51), Some(50));
        assert_eq!(read(51), None, "expected here, but read before");
        assert_eq!(read(52), Some(51));
    }

    #[test]
    fn a_slot_of_another_generation_is_another_node() {
        let mut edges = EdgeList::default();
        assert_eq!(edges.push(edge(1), 0, None), Some(0));
        assert_eq!(
            edges.push(
                Edge {
                    slot: 1,
                    generation: 1
                },
                1,
                None
            ),
            Some(1)
        );
    }

    #[test]
    fn what_was_known_at_a_call_is_kept_only_where_calls_overlapped() {
        let mut edges = EdgeList::default();
        edges.push(edge(0), 0, None);
        edges.push(edge(1), 1, None);
        assert!(edges.after.is_none());
        edges.push(edge(2), 1, None);
        edges.push(edge(3), 3, None);
        let edges = edges.finish();
        assert_eq!([0, 1, 2, 3].map(|number| edges.after(number)), [0, 1, 1, 3]);
        assert_eq!(edges.len(), 4);
        assert_eq!(
            [3, 4, 5].map(|number| edges.get(number)),
            [Some(edge(3)), None, None]
        );
    }
}
