//! A chain of queries, each one more than the one below.

use crate::clock::{Samples, Section};
use crate::count;
use crate::figure::Entry;
use crate::shape::{Ask, CHAIN, Size, cell_of};
use crate::world::Graph;

/// A cell below the chain, and one that the chain does not read.
const BOTTOM: u64 = 0;
const UNRELATED: u64 = 1;

const TOP: Ask = Ask::Link(CHAIN - 1);

const WHOLE: &str = "chain of 1,000: cut-off at the bottom, set and read";
const READ: &str = "chain of 1,000: cut-off at the bottom, the read alone";

const COLD: usize = 20;
const EDITS: u64 = 100;

async fn fresh<E: Graph>() -> E {
    let size = Size {
        cells: 2,
        keys: CHAIN,
    };
    let mut engine = E::new(size).await;
    // Every cell has been seen, so that setting one is a change for the engine.
    assert_eq!(engine.ask(Ask::Leaves(2)).await, 0);
    count::expect(2);
    engine
}

/// The value of the top while the cell at the bottom has this upper part.
fn top(bottom: u64) -> u64 {
    bottom + CHAIN - 1
}

/// Cold; after an unrelated change; with cut-off at the lowest link; with a change that goes to the top.
pub(crate) async fn run<E: Graph>() -> Vec<Entry> {
    let mut cold = Samples::default();
    for _ in 0..COLD {
        let mut engine = fresh::<E>().await;
        let section = Section::begin();
        let value = engine.ask(TOP).await;
        cold.push(section.end().per(CHAIN));
        assert_eq!(value, top(0));
        count::expect(CHAIN);
    }
    let mut engine = fresh::<E>().await;
    assert_eq!(engine.ask(TOP).await, top(0));
    count::expect(CHAIN);
    let mut figures = vec![Entry::time("chain of 1,000: cold, a node", cold.median())];
    figures.push(unrelated(&mut engine).await);
    figures.extend(cut_off(&mut engine).await);
    figures.push(flow(&mut engine).await);
    figures
}

async fn unrelated<E: Graph>(engine: &mut E) -> Entry {
    let mut read = Samples::default();
    for edit in 1..=EDITS {
        engine.set(&[(UNRELATED, edit)]).await;
        let section = Section::begin();
        let value = engine.ask(TOP).await;
        read.push(section.end());
        assert_eq!(value, top(0));
        count::expect(0);
    }
    Entry::time(
        "chain of 1,000: read of the top after an unrelated change",
        read.median(),
    )
}

/// Only the lower part of the cell changes, which the lowest link does not use.
async fn cut_off<E: Graph>(engine: &mut E) -> [Entry; 2] {
    if let Some(reason) = E::NO_CUT_OFF {
        return [WHOLE, READ].map(|name| Entry::none(name, reason));
    }
    let (mut whole, mut read) = (Samples::default(), Samples::default());
    for edit in 1..=EDITS {
        let section = Section::begin();
        engine.set(&[(BOTTOM, edit)]).await;
        let set = section.end();
        let section = Section::begin();
        let value = engine.ask(TOP).await;
        let asked = section.end();
        whole.push(set.plus(asked));
        read.push(asked);
        assert_eq!(value, top(0));
        count::expect(1);
    }
    [
        Entry::time(WHOLE, whole.median()),
        Entry::time(READ, read.median()),
    ]
}

async fn flow<E: Graph>(engine: &mut E) -> Entry {
    let mut whole = Samples::default();
    for edit in 1..=EDITS {
        let section = Section::begin();
        engine.set(&[(BOTTOM, cell_of(edit, 0))]).await;
        let value = engine.ask(TOP).await;
        whole.push(section.end().per(CHAIN));
        assert_eq!(value, top(edit));
        count::expect(CHAIN);
    }
    Entry::time(
        "chain of 1,000: change to the top, set and read, a node",
        whole.median(),
    )
}
