//! salsa, in its fast idiom: a query takes the id of a salsa struct, values are returned as copies, ids are made beforehand and
//! kept where a query finds them without the engine.
//!
//! A leaf is a query of its input; other queries have interned numbers as keys. A commit of several writes is as many calls of
//! the setter. A request works on a handle of its own, cloned for it, as in a server that answers while inputs change.

use std::hint::black_box;
use std::sync::Arc;

use ::salsa::plumbing::{AsId, FromId};
use ::salsa::{Id, Setter, Storage};

use crate::count::ran;
use crate::drive::{on_a_thread, two_threads};
use crate::figure::Outcome;
use crate::shape::{Ask, Children, Size, children, upper};
use crate::workloads::{Workload, chain, commit, fan, heap, keyed, tree};
use crate::world::{Graph, Keyed, Shared};

pub(super) fn run(workload: Workload) -> Outcome {
    Ok(match workload {
        Workload::HotHit => on_a_thread(keyed::hot_hit::<Salsa>),
        Workload::TwoThreads => on_a_thread(keyed::two_threads::<Salsa>),
        Workload::Request => on_a_thread(keyed::request::<Salsa>),
        Workload::ManyKeys => on_a_thread(keyed::many_keys::<Salsa>),
        Workload::Cold => on_a_thread(keyed::cold::<Salsa>),
        Workload::HeapOfConstants => on_a_thread(heap::constants::<Salsa>),
        Workload::HeapOfEdges => on_a_thread(heap::edges::<Salsa>),
        Workload::Chain => on_a_thread(chain::run::<Salsa>),
        Workload::Fan => on_a_thread(fan::run::<Salsa>),
        Workload::Tree => on_a_thread(tree::run::<Salsa>),
        Workload::Commit => on_a_thread(commit::run::<Salsa>),
        Workload::Sleeping => return Err("synchronous: a query cannot wait for a timer"),
        Workload::Busy => return Err("synchronous: no join; threads are the program's own"),
        Workload::HeapOfCommits => on_a_thread(heap::commits::<Salsa>),
    })
}

/// A number that stands for a query. It is never collected, so that reading it needs no check.
#[salsa::interned(revisions = usize::MAX)]
struct Key<'db> {
    #[returns(copy)]
    number: u64,
}

#[salsa::input]
struct Cell {
    #[returns(copy)]
    value: u64,
}

/// The ids, by their numbers. They never change once the world is made.
#[derive(Default)]
struct Ids {
    cells: Vec<Cell>,
    keys: Vec<Id>,
}

#[salsa::db]
trait Db: salsa::Database {
    fn ids(&self) -> &Ids;
}

#[salsa::db]
#[derive(Clone, Default)]
struct Salsa {
    storage: Storage<Self>,
    ids: Arc<Ids>,
}

#[salsa::db]
impl salsa::Database for Salsa {}

#[salsa::db]
impl Db for Salsa {
    fn ids(&self) -> &Ids {
        &self.ids
    }
}

fn cell(db: &dyn Db, number: u64) -> Cell {
    db.ids().cells[number as usize]
}

fn key(db: &dyn Db, number: u64) -> Key<'_> {
    Key::from_id(db.ids().keys[number as usize])
}

#[salsa::tracked(returns(copy))]
fn constant<'db>(db: &'db dyn Db, key: Key<'db>) -> u64 {
    ran();
    key.number(db)
}

#[salsa::tracked(returns(copy))]
fn leaf(db: &dyn Db, cell: Cell) -> u64 {
    ran();
    upper(cell.value(db))
}

#[salsa::tracked(returns(copy))]
fn link<'db>(db: &'db dyn Db, of: Key<'db>) -> u64 {
    ran();
    match of.number(db) {
        0 => upper(cell(db, 0).value(db)),
        number => link(db, key(db, number - 1)) + 1,
    }
}

#[salsa::tracked(returns(copy))]
fn total<'db>(db: &'db dyn Db, leaves: Key<'db>) -> u64 {
    ran();
    let cells = &db.ids().cells[..leaves.number(db) as usize];
    cells.iter().map(|&cell| leaf(db, cell)).sum()
}

#[salsa::tracked(returns(copy))]
fn branch<'db>(db: &'db dyn Db, of: Key<'db>) -> u64 {
    ran();
    match children(of.number(db)) {
        Children::Cells(cells) => cells.map(|number| cell(db, number).value(db)).sum(),
        Children::Branches(branches) => branches.map(|number| branch(db, key(db, number))).sum(),
    }
}

fn constants(db: &Salsa, keys: &[Id], times: u64) -> u64 {
    let mut sum = 0;
    for _ in 0..times {
        for &key in keys {
            sum += constant(db, Key::from_id(black_box(key)));
        }
    }
    sum
}

impl Keyed for Salsa {
    type Key = Id;

    async fn new() -> Self {
        Salsa::default()
    }

    fn keys(&mut self, numbers: &[u64]) -> Vec<Id> {
        numbers
            .iter()
            .map(|&number| Key::new(self, number).as_id())
            .collect()
    }

    async fn ask(&mut self, keys: &[Id], times: u64) -> u64 {
        constants(self, keys, times)
    }

    async fn requests(&mut self, key: Id, times: u64) -> u64 {
        let mut sum = 0;
        for _ in 0..times {
            let request = self.clone();
            sum += constant(&request, Key::from_id(black_box(key)));
        }
        sum
    }

    async fn ask_numbers(&mut self, numbers: &[u64]) -> u64 {
        numbers
            .iter()
            .map(|&number| constant(self, Key::new(self, number)))
            .sum()
    }
}

impl Shared for Salsa {
    async fn ask_twice_at_once(&mut self, keys: &[Id], times: u64) -> u64 {
        two_threads(|| {
            let db = self.clone();
            move || constants(&db, keys, times)
        })
    }
}

impl Graph for Salsa {
    async fn new(size: Size) -> Self {
        let mut world = Salsa::default();
        let ids = Ids {
            cells: (0..size.cells).map(|_| Cell::new(&world, 0)).collect(),
            keys: (0..size.keys)
                .map(|number| Key::new(&world, number).as_id())
                .collect(),
        };
        world.ids = Arc::new(ids);
        world
    }

    async fn set(&mut self, sets: &[(u64, u64)]) {
        for &(number, value) in sets {
            let cell = self.ids.cells[number as usize];
            cell.set_value(self).to(value);
        }
    }

    async fn ask(&mut self, ask: Ask) -> u64 {
        match ask {
            Ask::Link(number) => link(self, key(self, number)),
            Ask::Fan(leaves) => total(self, Key::new(self, leaves)),
            Ask::Branch(number) => branch(self, key(self, number)),
            Ask::Leaves(leaves) => {
                let cells = &self.ids.cells[..leaves as usize];
                cells.iter().map(|&cell| leaf(self, cell)).sum()
            }
        }
    }
}
