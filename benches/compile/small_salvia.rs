//! Two queries over an input, in salvia. `small_salsa.rs` is the same.

use salvia::{Input, InputAccess, QueryContext, Runtime, query};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputAccess)]
struct Cell(u64);

impl Input<u64> for Cell {
    fn initial(&self) -> u64 {
        0
    }
}

#[query]
async fn double(cell: Cell, cx: &QueryContext) -> u64 {
    let value: u64 = cell.get(cx).await;
    value * 2
}

#[query]
async fn sum(cells: Vec<Cell>, cx: &QueryContext) -> u64 {
    let mut sum = EDITED;
    for cell in cells {
        sum += double(cell, cx).await;
    }
    sum
}

const EDITED: u64 = 0;

#[tokio::main]
async fn main() {
    let rt = Runtime::new().await;
    let cells: Vec<_> = (0..3).map(Cell).collect();
    rt.mutate(async |cx| Cell(1).set(21, &cx).await).await;
    let sum = rt.query(async |cx| sum(cells, &cx).await).await;
    println!("{}", sum - EDITED);
}
