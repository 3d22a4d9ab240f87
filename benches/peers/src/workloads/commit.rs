//! What a commit costs, each of its writes at an input with one reader that is up to date.

use crate::clock::{Samples, Section};
use crate::count;
use crate::figure::Entry;
use crate::shape::{Ask, Size, cell_of};
use crate::world::Graph;

const CELLS: u64 = 1_000;

const REPETITIONS: u64 = 20;

async fn read<E: Graph>(engine: &mut E, expected: u64) {
    assert_eq!(engine.ask(Ask::Leaves(CELLS)).await, expected);
    count::expect(CELLS);
}

/// A thousand commits of one write, and one commit of a thousand.
pub(crate) async fn run<E: Graph>() -> Vec<Entry> {
    let size = Size {
        cells: CELLS,
        keys: 0,
    };
    let mut engine = E::new(size).await;
    read(&mut engine, 0).await;
    let (mut single, mut bulk) = (Samples::default(), Samples::default());
    for repetition in 1..=REPETITIONS {
        let section = Section::begin();
        for cell in 0..CELLS {
            engine.set(&[(cell, cell_of(2 * repetition, 0))]).await;
        }
        single.push(section.end().per(CELLS));
        read(&mut engine, 2 * repetition * CELLS).await;

        let sets: Vec<_> = (0..CELLS)
            .map(|cell| (cell, cell_of(2 * repetition + 1, 0)))
            .collect();
        let section = Section::begin();
        engine.set(&sets).await;
        bulk.push(section.end().per(CELLS));
        read(&mut engine, (2 * repetition + 1) * CELLS).await;
    }
    vec![
        Entry::time("commit of one set", single.median()),
        Entry::time("commit of 1,000 sets, a set", bulk.median()),
    ]
}
