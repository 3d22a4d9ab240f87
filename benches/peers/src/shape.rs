//! The graphs, as every engine builds them.
//!
//! A *cell* is an input; all are 0 at first. A *leaf* is half of its cell, so that an odd value is cut off at it. A *link* is one
//! more than the link below, link 0 half of cell 0. A *fan* is the sum of the first leaves. A *branch* of the tree is the sum of
//! its ten children, which are cells in the lowest row and branches above.

use std::ops::Range;

/// Links of the chain.
pub(crate) const CHAIN: u64 = 1_000;

/// Leaves of the fan-in.
pub(crate) const FAN: u64 = 10_000;

/// Cells below the tree.
pub(crate) const TREE: u64 = 100_000;

/// Children of a branch.
const FAN_OUT: u64 = 10;

/// Branches of the tree, and with that the number after the root's: they are numbered row by row, from the lowest on.
pub(crate) const BRANCHES: u64 = 11_111;

/// How many cells there are, and how many queries with a number, for engines that have to know beforehand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    pub(crate) cells: u64,
    pub(crate) keys: u64,
}

/// What is asked of a graph.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Ask {
    /// A link of the chain.
    Link(u64),
    /// The sum of the first leaves, made by one query.
    Fan(u64),
    /// The sum of the first leaves, each asked for from outside.
    Leaves(u64),
    /// A branch of the tree.
    Branch(u64),
}

/// The children of a branch.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Children {
    Cells(Range<u64>),
    Branches(Range<u64>),
}

/// The children of the branch of this number.
pub(crate) fn children(branch: u64) -> Children {
    let (mut row, mut start, mut below) = (TREE / FAN_OUT, 0, None);
    while branch >= start + row {
        below = Some(start);
        start += row;
        row /= FAN_OUT;
    }
    let first = (branch - start) * FAN_OUT;
    match below {
        None => Children::Cells(first..first + FAN_OUT),
        Some(below) => Children::Branches(below + first..below + first + FAN_OUT),
    }
}
