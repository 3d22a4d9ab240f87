//! One query that reads ten thousand others.

use crate::clock::{Samples, Section};
use crate::count;
use crate::figure::Entry;
use crate::shape::{Ask, FAN, Size, cell_of};
use crate::world::Graph;

/// The cell that changes: somewhere in the middle.
const CHANGED: u64 = FAN / 3;

const CUT_OFF: &str = "fan-in of 10,000: cut-off at the leaf, set and read";

/// Changes that go through.
const FLOWS: u64 = 20;

/// Changes that are cut off, which cost some engines so little that it takes more to see it.
const CUT_OFFS: u64 = 200;

/// One leaf changes; and then one cell, with cut-off at its leaf.
pub(crate) async fn run<E: Graph>() -> Vec<Entry> {
    let size = Size {
        cells: FAN,
        keys: 0,
    };
    let mut engine = E::new(size).await;
    assert_eq!(engine.ask(Ask::Fan(FAN)).await, 0);
    count::expect(FAN + 1);
    let mut flow = Samples::default();
    for edit in 1..=FLOWS {
        let section = Section::begin();
        engine.set(&[(CHANGED, cell_of(edit, 0))]).await;
        let value = engine.ask(Ask::Fan(FAN)).await;
        flow.push(section.end());
        assert_eq!(value, edit);
        count::expect(2);
    }
    let mut cut_off = Samples::default();
    let edits = if E::NO_CUT_OFF.is_none() { CUT_OFFS } else { 0 };
    for edit in 1..=edits {
        let section = Section::begin();
        engine.set(&[(CHANGED, cell_of(FLOWS, edit))]).await;
        let value = engine.ask(Ask::Fan(FAN)).await;
        cut_off.push(section.end());
        assert_eq!(value, FLOWS);
        count::expect(1);
    }
    vec![
        Entry::time(
            "fan-in of 10,000: one leaf changes, set and read",
            flow.median(),
        ),
        E::NO_CUT_OFF.map_or_else(
            || Entry::time(CUT_OFF, cut_off.median()),
            |reason| Entry::none(CUT_OFF, reason),
        ),
    ]
}
