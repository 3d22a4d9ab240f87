//! The oracle: all values of one state, from scratch, and what their evaluation reads.
//!
//! It knows nothing of revisions, memos or edges and shares nothing with the engine: for each state
//! it evaluates every node once, lowest number first, since nodes only read lower ones.

use crate::program::{MOST, Read, State};

/// A set of nodes.
pub(crate) type Nodes = u128;

/// A node, or one of the steps from it, which nobody takes who does not read the node.
pub(crate) fn one(node: u16) -> Nodes {
    1 << (node % MOST)
}

/// The members of a set, lowest first.
pub(crate) fn members(nodes: Nodes) -> Vec<u16> {
    (0..MOST).filter(|&node| nodes & one(node) != 0).collect()
}

/// The from-scratch values of one state.
#[derive(Debug)]
pub(crate) struct Oracle {
    values: Vec<u8>,
    /// For each node the nodes its body reads.
    reads: Vec<Nodes>,
}

struct Lower<'a> {
    state: &'a State,
    values: &'a [u8],
    reads: Nodes,
}

impl Read for Lower<'_> {
    fn slot(&mut self, slot: u16) -> u8 {
        self.state.slots[usize::from(slot)]
    }

    fn node(&mut self, node: u16) -> u8 {
        self.reads |= one(node);
        self.values[usize::from(node)]
    }

    fn witness(&mut self, _which: u8) -> u64 {
        self.state.witness
    }
}

impl Oracle {
    pub(crate) fn new(state: &State) -> Self {
        let mut oracle = Self {
            values: Vec::new(),
            reads: Vec::new(),
        };
        for code in state.code.iter() {
            let mut lower = Lower {
                state,
                values: &oracle.values,
                reads: 0,
            };
            let value = code.eval(&mut lower);
            let reads = lower.reads;
            oracle.values.push(value);
            oracle.reads.push(reads);
        }
        oracle
    }

    pub(crate) fn value(&self, node: u16) -> u8 {
        self.values[usize::from(node)]
    }

    /// Every node that a from-scratch evaluation of `roots` reads, the roots among them.
    pub(crate) fn needed(&self, roots: Nodes) -> Nodes {
        // Reads go down only, so one pass from the highest number is complete.
        (0..self.reads.len()).rev().fold(roots, |needed, node| {
            if needed & (1 << node) == 0 {
                needed
            } else {
                needed | self.reads[node]
            }
        })
    }
}
