//! The inputs of a world at one revision, and what the lists show there, from scratch.

use std::collections::BTreeMap;

use crate::plan::{Host, Item, LISTS, WHATS};
use crate::subject::Style;

/// All inputs at a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Inputs {
    pub(crate) rows: Vec<Vec<Item>>,
    pub(crate) slots: Vec<u8>,
    pub(crate) widths: Vec<u8>,
    pub(crate) fails: Vec<bool>,
    pub(crate) clicks: BTreeMap<Host, u8>,
}

/// A row as it has to be shown: its place and state, what it shows, and the states of its cells.
pub(crate) type Shown = (Host, u8, u8, Vec<(Host, u8)>);

impl Inputs {
    pub(crate) fn new() -> Self {
        Inputs {
            rows: vec![Vec::new(); LISTS.into()],
            slots: vec![0; WHATS.into()],
            widths: vec![0; WHATS.into()],
            fails: vec![false; WHATS.into()],
            clicks: BTreeMap::new(),
        }
    }

    pub(crate) fn clicks(&self, at: Host) -> u8 {
        self.clicks.get(&at).copied().unwrap_or(0)
    }

    pub(crate) fn set_clicks(&mut self, at: Host, clicks: u8) {
        match clicks {
            0 => drop(self.clicks.remove(&at)),
            _ => drop(self.clicks.insert(at, clicks)),
        }
    }

    /// What a list shows, from scratch. `None` if it fails.
    pub(crate) fn shown(&self, list: u8) -> Option<Vec<Shown>> {
        let mut shown = Vec::new();
        for &item in &self.rows[usize::from(list)] {
            match self.fails[usize::from(item.what)] {
                true if Style::of(list) == Style::Tolerant => {}
                true => return None,
                false => shown.push(self.row(list, item)),
            }
        }
        Some(shown)
    }

    pub(crate) fn row(&self, list: u8, item: Item) -> Shown {
        let (at, what) = (Host::of_row(list, item), usize::from(item.what));
        let clicks = match item.has_state() {
            true => self.clicks(at),
            false => 0,
        };
        let cells = (0..self.widths[what]).map(|column| Host::of_cell(list, item.slot, column));
        let cells = cells.map(|at| (at, self.clicks(at))).collect();
        (at, clicks, self.slots[what], cells)
    }
}
