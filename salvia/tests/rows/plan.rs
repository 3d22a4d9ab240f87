//! What is done to a world, as data, and how it is drawn.

use std::fmt;

use salvia::Collect;

use crate::rng::Rng;

/// How many lists there are, slots in a list, and different contents of rows.
pub(crate) const LISTS: u8 = 3;
pub(crate) const SLOTS: u8 = 5;
pub(crate) const WHATS: u8 = 4;
/// Rows have fewer cells than this.
pub(crate) const WIDTH: u8 = 4;

/// A row in a list: where its state is, and what is shown there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Item {
    pub(crate) slot: u8,
    pub(crate) what: u8,
}

impl Item {
    /// Whether the row reads its state.
    pub(crate) fn has_state(self) -> bool {
        self.what != 0
    }
}

/// Where there is state: at a row or a cell, on the id of its node or of a call in its body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Host {
    pub(crate) list: u8,
    pub(crate) slot: u8,
    pub(crate) column: Option<u8>,
    below: bool,
}

/// List, slot and column of a node: all that is hosted there goes with it.
pub(crate) type Place = (u8, u8, Option<u8>);

impl Host {
    pub(crate) fn place(self) -> Place {
        (self.list, self.slot, self.column)
    }

    pub(crate) fn of_row(list: u8, item: Item) -> Self {
        Host {
            list,
            slot: item.slot,
            column: None,
            below: item.what == 1,
        }
    }

    pub(crate) fn of_cell(list: u8, slot: u8, column: u8) -> Self {
        Host {
            list,
            slot,
            column: Some(column),
            below: column == 1,
        }
    }

    pub(crate) fn is_below(self) -> bool {
        self.below
    }
}

#[derive(Debug, Clone)]
pub(crate) enum Op {
    Rows(u8, Vec<Item>),
    Slot(u8, u8),
    Width(u8, u8),
    Fails(u8, bool),
    /// Sets one of the states there have been, by number modulo their count.
    Click(usize, u8),
    Show(u8),
    /// Reads a state from outside.
    Peek(usize),
    Hold,
    Release(usize),
    ShowHeld(usize, u8),
    Collect(Collect),
}

/// What kind of world it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    /// Reads the newest revision only, and keeps everything: each execution is predicted.
    Exact,
    /// With snapshots and collections. Nothing fails there.
    Forgetful,
}

/// The operations of a world.
pub(crate) fn plan(sort: Sort, length: usize, rng: &mut Rng) -> Vec<Op> {
    let mut lists = vec![Vec::new(); usize::from(LISTS)];
    (0..length)
        .map(|_| {
            let op = draw(sort, &lists, rng);
            if let Op::Rows(list, items) = &op {
                lists[usize::from(*list)].clone_from(items);
            }
            op
        })
        .collect()
}

pub(crate) fn draw(sort: Sort, lists: &[Vec<Item>], rng: &mut Rng) -> Op {
    let list = small(LISTS, rng);
    let (exact, forgetful) = match sort {
        Sort::Exact => (1, 0),
        Sort::Forgetful => (0, 1),
    };
    match rng.weighted(&[
        25,
        6,
        8,
        5 * exact,
        18,
        30,
        4,
        5 * forgetful,
        4 * forgetful,
        15 * forgetful,
        5 * forgetful,
    ]) {
        0 => Op::Rows(list, changed(&lists[usize::from(list)], rng)),
        1 => Op::Slot(small(WHATS, rng), small(3, rng)),
        2 => Op::Width(small(WHATS, rng), small(WIDTH, rng)),
        3 => Op::Fails(small(WHATS, rng), rng.percent(30)),
        4 => Op::Click(rng.below(1 << 16), small(4, rng)),
        5 => Op::Show(list),
        6 => Op::Peek(rng.below(1 << 16)),
        7 => Op::Hold,
        8 => Op::Release(rng.below(8)),
        9 => Op::ShowHeld(rng.below(8), list),
        _ if rng.percent(50) => Op::Collect(Collect::All),
        _ => Op::Collect(Collect::Unused { revisions: 1 }),
    }
}

fn small(below: u8, rng: &mut Rng) -> u8 {
    rng.below(below.into()) as u8
}

/// The rows after a row has come, gone, moved or changed.
fn changed(rows: &[Item], rng: &mut Rng) -> Vec<Item> {
    let mut rows = rows.to_vec();
    let place = |rows: &[Item], rng: &mut Rng| rng.below(rows.len());
    for _ in 0..rng.within(1, 2) {
        match rng.weighted(&[4, 3, 2, 2, 1]) {
            1 if !rows.is_empty() => drop(rows.remove(place(&rows, rng))),
            2 if !rows.is_empty() => {
                let at = place(&rows, rng);
                rows.rotate_left(at);
            }
            3 if !rows.is_empty() => {
                let at = place(&rows, rng);
                rows[at].what = small(WHATS, rng);
            }
            4 => rows.clear(),
            _ => {
                let (slot, what) = (small(SLOTS, rng), small(WHATS, rng));
                // Now and then one slot is there twice.
                if rows.iter().all(|row| row.slot != slot) || rng.percent(10) {
                    rows.push(Item { slot, what });
                }
            }
        }
    }
    rows
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Op::Rows(list, items) => {
                write!(f, "list {list} =")?;
                let mut each = items.iter();
                each.try_for_each(|item| write!(f, " {}:{}", item.slot, item.what))
            }
            other => write!(f, "{other:?}"),
        }
    }
}
