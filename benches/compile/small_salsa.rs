//! Two queries over an input, in salsa. `small_salvia.rs` is the same.

use salsa::Setter;

#[salsa::input]
struct Cell {
    #[returns(copy)]
    value: u64,
}

#[salsa::input]
struct Cells {
    #[returns(ref)]
    list: Vec<Cell>,
}

#[salsa::tracked(returns(copy))]
fn double(db: &dyn salsa::Database, cell: Cell) -> u64 {
    cell.value(db) * 2
}

#[salsa::tracked(returns(copy))]
fn sum(db: &dyn salsa::Database, cells: Cells) -> u64 {
    let mut sum = EDITED;
    for cell in cells.list(db) {
        sum += double(db, *cell);
    }
    sum
}

const EDITED: u64 = 0;

fn main() {
    let mut db = salsa::DatabaseImpl::default();
    let cells: Vec<_> = (0..3).map(|_| Cell::new(&db, 0)).collect();
    cells[1].set_value(&mut db).to(21);
    let cells = Cells::new(&db, cells);
    println!("{}", sum(&db, cells) - EDITED);
}
