//! What both benches of the paths ask: one input, one cheap query of each shape.

use std::hint::black_box;
use std::sync::Arc;

use salvia::{Input, InputAccess, QueryContext, Runtime, query};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputAccess)]
pub(crate) struct Cell(pub(crate) u64);

impl Input<u64> for Cell {
    fn initial(&self) -> u64 {
        3
    }
}

#[query]
pub(crate) async fn scaled(number: u64, cx: &QueryContext) -> u64 {
    Cell(0).get(cx).await * number
}

#[query]
pub(crate) async fn constant(number: u64, _cx: &QueryContext) -> u64 {
    number
}

/// A link of a chain, of which there are many.
#[query]
pub(crate) async fn link(chain: u64, number: u64, cx: &QueryContext) -> u64 {
    match number {
        0 => Cell(0).get(cx).await,
        _ => link(chain, number - 1, cx).await,
    }
}

/// Changes with the input's lowest bit only.
#[query]
pub(crate) async fn parity(cx: &QueryContext) -> u64 {
    Cell(0).get(cx).await % 2
}

#[query]
pub(crate) async fn stopped(number: u64, cx: &QueryContext) -> u64 {
    match number {
        0 => parity(cx).await,
        _ => stopped(number - 1, cx).await,
    }
}

/// Sums what depends on the first cells, one each.
#[query]
pub(crate) async fn sum_of_cells(cells: u64, cx: &QueryContext) -> u64 {
    let mut sum = 0;
    for number in 0..cells {
        sum += Cell(number).get(cx).await;
    }
    sum
}

#[query]
pub(crate) async fn leaf(number: u64, cx: &QueryContext) -> u64 {
    Cell(number).get(cx).await % 2
}

/// Sums what depends on a cell each, and changes with its lowest bit only.
#[query]
pub(crate) async fn fan(leaves: u64, cx: &QueryContext) -> u64 {
    let mut sum = 0;
    for number in 0..leaves {
        sum += leaf(number, cx).await;
    }
    sum
}

pub(crate) async fn same_hits(hits: u64, cx: &QueryContext) -> u64 {
    let mut sum = 0;
    for _ in 0..hits {
        sum += scaled(black_box(7), cx).await;
    }
    sum
}

pub(crate) async fn set(rt: &Arc<Runtime>, cells: impl Iterator<Item = u64> + Send, value: u64) {
    rt.mutate(async |cx| {
        for cell in cells {
            Cell(cell).set(value, &cx).await;
        }
    })
    .await;
}
