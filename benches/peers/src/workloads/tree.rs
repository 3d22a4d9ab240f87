//! A tree over a hundred thousand inputs.

use std::time::{Duration, Instant};

use crate::clock::{Samples, Section};
use crate::count;
use crate::figure::Entry;
use crate::shape::{Ask, BRANCHES, Size, TREE};
use crate::world::Graph;

const ROOT: Ask = Ask::Branch(BRANCHES - 1);

/// Rows of branches above each input.
const ROWS: u64 = 5;

/// So many edits, and more as long as there is time: what takes microseconds wants many, and some engines take so long that
/// they are given few.
const LEAST: u64 = 20;
const MOST: u64 = 1_000;
const TIME: Duration = Duration::from_secs(1);

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
    let began = Instant::now();
    let is_time = |edit: &u64| *edit <= LEAST || began.elapsed() < TIME;
    for edit in (1..=MOST).take_while(is_time) {
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
