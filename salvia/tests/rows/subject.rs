//! The lists as the engine runs them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::future::join_all;
use salvia::scope::{CallId, call};
use salvia::{Input, InputAccess, QueryContext};

use crate::plan::{Host, Item, LISTS};

/// Which rows a list has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputAccess)]
pub(crate) struct Rows(pub(crate) u8);

impl Input<Vec<Item>> for Rows {
    fn initial(&self) -> Vec<Item> {
        Vec::new()
    }
}

/// What rows of some content show, are wide, and whether they fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputAccess)]
pub(crate) struct Slot(pub(crate) u8);

impl Input<u8> for Slot {
    fn initial(&self) -> u8 {
        0
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputAccess)]
pub(crate) struct Width(pub(crate) u8);

impl Input<u8> for Width {
    fn initial(&self) -> u8 {
        0
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputAccess)]
pub(crate) struct Fails(pub(crate) u8);

impl Input<bool> for Fails {
    fn initial(&self) -> bool {
        false
    }
}

/// State of a row's or a cell's own.
#[derive(Debug, Clone, PartialEq, Eq, Hash, InputAccess)]
pub(crate) struct Clicks(pub(crate) CallId);

impl Input<u8> for Clicks {
    fn initial(&self) -> u8 {
        0
    }
}

/// A body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Node {
    List(u8),
    Row(u8, Item),
    /// List, slot of the row, column.
    Cell(u8, u8, u8),
}

/// What ran. A resource of the runtime.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ran(Arc<Mutex<Vec<Node>>>);

impl Ran {
    fn list(&self) -> MutexGuard<'_, Vec<Node>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What has run since the last call, sorted.
    pub(crate) fn take(&self) -> Vec<Node> {
        let mut ran = std::mem::take(&mut *self.list());
        ran.sort_unstable();
        ran
    }
}

fn runs(cx: &QueryContext, node: Node) {
    if let Some(ran) = cx.try_resource::<Ran>() {
        ran.list().push(node);
    }
}

/// A cell as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) at: Host,
    pub(crate) id: CallId,
    pub(crate) clicks: u8,
}

/// A row as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) at: Host,
    pub(crate) id: CallId,
    pub(crate) clicks: u8,
    pub(crate) shows: u8,
    pub(crate) cells: Vec<Cell>,
}

/// The id that the state of a node is hosted on: its own, or that of a call in its body.
fn host(at: Host) -> CallId {
    if at.is_below() {
        call(CallId::current)
    } else {
        CallId::current()
    }
}

async fn row((list, item): (u8, &Item), cx: &QueryContext) -> Row {
    let item = *item;
    runs(cx, Node::Row(list, item));
    let at = Host::of_row(list, item);
    let id = host(at);
    let clicks = match item.has_state() {
        true => Clicks(id.clone()).get(cx).await,
        false => 0,
    };
    if Fails(item.what).get(cx).await {
        // Without the panic hook: thousands of backtraces would help nobody.
        std::panic::resume_unwind(Box::new("planned"));
    }
    let shows = Slot(item.what).get(cx).await;
    let width = Width(item.what).get(cx).await;
    let cells = (0..width).map(|column| cx.memo_in_slot(&column, (list, item.slot, column), cell));
    let cells = join_all(cells.collect::<Vec<_>>()).await;
    Row {
        at,
        id,
        clicks,
        shows,
        cells,
    }
}

async fn cell((list, slot, column): (u8, u8, u8), cx: &QueryContext) -> Cell {
    runs(cx, Node::Cell(list, slot, column));
    let at = Host::of_cell(list, slot, column);
    let id = host(at);
    let clicks = Clicks(id.clone()).get(cx).await;
    Cell { at, id, clicks }
}

/// The rows that do not fail. The lists differ in how they ask for their rows, and in whether they handle failures.
#[salvia::query]
pub(crate) async fn list(number: u8, cx: &QueryContext) -> Vec<Row> {
    runs(cx, Node::List(number));
    let items: Vec<Item> = Rows(number).get(cx).await;
    let calls = items
        .iter()
        .map(|item| cx.memo_in_slot(&item.slot, (number, item), row));
    match Style::of(number) {
        Style::Joined => join_all(calls.collect::<Vec<_>>()).await,
        Style::InTurn => {
            let mut rows = Vec::new();
            for call in calls {
                rows.push(call.await);
            }
            rows
        }
        Style::Tolerant => {
            let mut rows = Vec::new();
            for call in calls {
                rows.extend(call.catch().await);
            }
            rows
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Joined,
    InTurn,
    Tolerant,
}

impl Style {
    pub(crate) fn of(list: u8) -> Self {
        [Style::Joined, Style::InTurn, Style::Tolerant][usize::from(list % LISTS)]
    }
}
