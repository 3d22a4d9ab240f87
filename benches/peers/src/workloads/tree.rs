//! A tree over a hundred thousand inputs.

use crate::clock::{Samples, Section};
use crate::count;
use crate::figure::Entry;
use crate::shape::{Ask, BRANCHES, Size, TREE};
use crate::world::Graph;

const ROOT: Ask = Ask::Branch(BRANCHES - 1);

/// Rows of branches above each input.
const ROWS: u64 = 5;

const EDITS: u64 = 100;

/// One input changes, and the root is read.
pub(crate) async fn run<E: Graph>() -> Vec<Entry> {
    let size = Size {
        cells: TREE,
        keys: BRANCHES,
    };
    let mut engine = E::new(size).await;
    let section = Section::begin();
    assert_eq!(engine.ask(ROOT).await, 0);
    let cold = section.end().per(BRANCHES);
    count::expect(BRANCHES);
    let mut edited = Samples::default();
    let mut sum = 0;
    for edit in 1..=EDITS {
        // A cell that has not been set yet, each time in another part of the tree.
        let cell = edit * 997 % TREE;
        sum += edit;
        let section = Section::begin();
        engine.set(&[(cell, edit)]).await;
        let value = engine.ask(ROOT).await;
        edited.push(section.end());
        assert_eq!(value, sum);
        count::expect(ROWS);
    }
    vec![
        Entry::time(
            "tree over 100,000 inputs: one changes, set and read of the root",
            edited.median(),
        ),
        Entry::time("tree over 100,000 inputs: cold, a node of ten reads", cold),
    ]
}
