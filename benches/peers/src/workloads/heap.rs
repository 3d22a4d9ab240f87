//! What nodes and edges take of the heap, and what commits leave behind.

use crate::count;
use crate::figure::{Entry, Unit};
use crate::heap::live;
use crate::shape::{Ask, Size, cell_of};
use crate::workloads::keyed::{KEYS, numbers};
use crate::world::{Graph, Keyed};

/// Inputs that the commits go round.
const CELLS: u64 = 10;

const COMMITS: u64 = 1_000_000;

/// A constant node, by its number.
pub(crate) async fn constants<E: Keyed>() -> Vec<Entry> {
    let numbers = numbers();
    let mut engine = E::new().await;
    let before = live();
    engine.ask_numbers(&numbers).await;
    let per = (live() - before) / KEYS as f64;
    count::expect(KEYS);
    vec![Entry::plain(
        "heap of a constant u64 node",
        Unit::Bytes,
        per,
    )]
}

/// A query and its input; and a query that reads one more.
pub(crate) async fn edges<E: Graph>() -> Vec<Entry> {
    let size = Size {
        cells: KEYS,
        keys: 0,
    };
    let empty = live();
    let mut engine = E::new(size).await;
    let sets: Vec<_> = (0..KEYS).map(|cell| (cell, cell_of(cell, 0))).collect();
    engine.set(&sets).await;
    drop(sets);
    let sum = KEYS * (KEYS - 1) / 2;
    assert_eq!(engine.ask(Ask::Leaves(KEYS)).await, sum);
    let leaves = live();
    count::expect(KEYS);
    assert_eq!(engine.ask(Ask::Fan(KEYS)).await, sum);
    let fan = live();
    count::expect(1);
    let keys = KEYS as f64;
    vec![
        Entry::plain(
            "heap of a query and its input",
            Unit::Bytes,
            (leaves - empty) / keys,
        ),
        Entry::plain("heap of an edge", Unit::Bytes, (fan - leaves) / keys),
    ]
}

/// A fixed graph that is edited and read, again and again.
pub(crate) async fn commits<E: Graph>() -> Vec<Entry> {
    let size = Size {
        cells: CELLS,
        keys: 0,
    };
    let mut engine = E::new(size).await;
    assert_eq!(engine.ask(Ask::Fan(CELLS)).await, 0);
    count::expect(CELLS + 1);
    let mut early = 0.0;
    let mut newest = vec![0; CELLS as usize];
    for commit in 1..=COMMITS {
        let cell = commit % CELLS;
        newest[cell as usize] = commit;
        engine.set(&[(cell, cell_of(commit, 0))]).await;
        assert_eq!(
            engine.ask(Ask::Fan(CELLS)).await,
            newest.iter().sum::<u64>()
        );
        count::expect(2);
        if commit == COMMITS / 10 {
            early = live();
        }
    }
    let late = live();
    vec![
        Entry::plain("heap after 100,000 commits", Unit::Bytes, early),
        Entry::plain(
            "growth of the heap from 100,000 to 1,000,000 commits",
            Unit::Percent,
            100.0 * (late - early) / early,
        ),
    ]
}
