//! The graphs, as every engine builds them.
//!
//! A *cell* is an input; all are 0 at first. A *leaf* is the upper part of its cell, so that a change of the lower part is cut off
//! at it. A *link* is one more than the link below; link 0 is the upper part of cell 0. A *fan* is the sum of the first leaves. A *branch* of the tree is the sum of
//! its ten children, which are cells in the lowest row and branches above.

use std::hint::black_box;
use std::ops::Range;
use std::time::Duration;

use crate::count::{beside_another, ran_beside_others};

/// What a leaf makes of its cell. There is room below for values that no engine has seen before, of which some keep old results.
pub(crate) fn upper(cell: u64) -> u64 {
    cell >> 20
}

/// The cell of this upper part and this lower one.
pub(crate) fn cell_of(upper: u64, lower: u64) -> u64 {
    upper << 20 | lower
}

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

/// How long a sleeping query sleeps.
pub(crate) const NAP: Duration = Duration::from_millis(1);

/// The body of a busy query; takes note of others of its kind that run at the same time.
pub(crate) fn busy(of: u64) -> u64 {
    ran_beside_others();
    beside_another(|| work(of))
}

/// What a busy query computes: a few milliseconds of arithmetic that cannot be guessed.
pub(crate) fn work(of: u64) -> u64 {
    let mut state = of + 1;
    for _ in 0..black_box(2_000_000) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
    }
    state
}
