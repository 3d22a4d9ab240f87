//! picante, with ingredients as its own benchmarks use them: an input and queries by number, no macros between.

use std::hint::black_box;
use std::sync::Arc;

use ::picante::{
    DerivedIngredient, DynIngredient, HasRuntime, IngredientLookup, IngredientRegistry,
    InputIngredient, PicanteResult, QueryKindId, Runtime,
};
use futures_util::future::{BoxFuture, join, join_all};

use crate::count::{ran, ran_beside_others};
use crate::drive::{in_task, two_tasks};
use crate::figure::Outcome;
use crate::shape::{Ask, Children, NAP, Size, busy, children, upper};
use crate::workloads::{Workload, beside, chain, commit, fan, heap, keyed, tree};
use crate::world::{Busy, Graph, Keyed, Shared, Sleeping};

pub(super) fn run(workload: Workload) -> Outcome {
    Ok(match workload {
        Workload::HotHit => in_task(keyed::hot_hit::<Picante>()),
        Workload::TwoThreads => in_task(keyed::two_threads::<Picante>()),
        Workload::Request => return Err("a revision is held by a deep copy of the database only"),
        Workload::ManyKeys => in_task(keyed::many_keys::<Picante>()),
        Workload::Cold => in_task(keyed::cold::<Picante>()),
        Workload::HeapOfConstants => in_task(heap::constants::<Picante>()),
        Workload::HeapOfEdges => in_task(heap::edges::<Picante>()),
        Workload::Chain => in_task(chain::run::<Picante>()),
        Workload::Fan => in_task(fan::run::<Picante>()),
        Workload::Tree => in_task(tree::run::<Picante>()),
        Workload::Commit => in_task(commit::run::<Picante>()),
        Workload::Sleeping => in_task(beside::sleeping::<Picante>()),
        Workload::Busy => in_task(beside::busy::<Picante>()),
        Workload::HeapOfCommits => in_task(heap::commits::<Picante>()),
    })
}

type Numbers = Arc<DerivedIngredient<Db, u64, u64>>;

struct Db {
    runtime: Runtime,
    ingredients: IngredientRegistry<Db>,
    cells: Arc<InputIngredient<u64, u64>>,
    constant: Numbers,
    leaf: Numbers,
    link: Numbers,
    total: Numbers,
    branch: Numbers,
    nap: Numbers,
    busy: Numbers,
}

impl HasRuntime for Db {
    fn runtime(&self) -> &Runtime {
        &self.runtime
    }
}

impl IngredientLookup for Db {
    fn ingredient(&self, kind: QueryKindId) -> Option<&dyn DynIngredient<Self>> {
        self.ingredients.ingredient(kind)
    }
}

impl Db {
    fn new() -> Self {
        let mut db = Db {
            runtime: Runtime::default(),
            ingredients: IngredientRegistry::default(),
            cells: Arc::new(InputIngredient::new(QueryKindId(1), "cell")),
            constant: Arc::new(DerivedIngredient::new(QueryKindId(2), "constant", constant)),
            leaf: Arc::new(DerivedIngredient::new(QueryKindId(3), "leaf", leaf)),
            link: Arc::new(DerivedIngredient::new(QueryKindId(4), "link", link)),
            total: Arc::new(DerivedIngredient::new(QueryKindId(5), "total", total)),
            branch: Arc::new(DerivedIngredient::new(QueryKindId(6), "branch", branch)),
            nap: Arc::new(DerivedIngredient::new(QueryKindId(7), "nap", nap)),
            busy: Arc::new(DerivedIngredient::new(QueryKindId(8), "busy", busily)),
        };
        db.ingredients.register(db.cells.clone());
        for query in [
            &db.constant,
            &db.leaf,
            &db.link,
            &db.total,
            &db.branch,
            &db.nap,
            &db.busy,
        ] {
            db.ingredients.register(query.clone());
        }
        db
    }

    fn cell(&self, number: u64) -> PicanteResult<u64> {
        Ok(self.cells.get(self, &number)?.unwrap_or_default())
    }
}

type Computing<'db> = BoxFuture<'db, PicanteResult<u64>>;

fn constant(_db: &Db, number: u64) -> Computing<'_> {
    Box::pin(async move {
        ran();
        Ok(number)
    })
}

fn leaf(db: &Db, number: u64) -> Computing<'_> {
    Box::pin(async move {
        ran();
        Ok(upper(db.cell(number)?))
    })
}

fn link(db: &Db, number: u64) -> Computing<'_> {
    Box::pin(async move {
        ran();
        match number {
            0 => Ok(upper(db.cell(0)?)),
            _ => Ok(db.link.get(db, number - 1).await? + 1),
        }
    })
}

fn total(db: &Db, leaves: u64) -> Computing<'_> {
    Box::pin(async move {
        ran();
        let mut sum = 0;
        for number in 0..leaves {
            sum += db.leaf.get(db, number).await?;
        }
        Ok(sum)
    })
}

fn branch(db: &Db, number: u64) -> Computing<'_> {
    Box::pin(async move {
        ran();
        let mut sum = 0;
        match children(number) {
            Children::Cells(cells) => {
                for cell in cells {
                    sum += db.cell(cell)?;
                }
            }
            Children::Branches(branches) => {
                for number in branches {
                    sum += db.branch.get(db, number).await?;
                }
            }
        }
        Ok(sum)
    })
}

fn nap(_db: &Db, _number: u64) -> Computing<'_> {
    Box::pin(async {
        tokio::time::sleep(NAP).await;
        ran_beside_others();
        Ok(1)
    })
}

fn busily(_db: &Db, number: u64) -> Computing<'_> {
    Box::pin(async move { Ok(busy(number)) })
}

/// No query here fails.
fn value(found: PicanteResult<u64>) -> u64 {
    found.expect("no query fails")
}

async fn constants(db: &Db, keys: &[u64], times: u64) -> u64 {
    let mut sum = 0;
    for _ in 0..times {
        for &key in keys {
            sum += value(db.constant.get(db, black_box(key)).await);
        }
    }
    sum
}

struct Picante(Arc<Db>);

impl Keyed for Picante {
    type Key = u64;

    async fn new() -> Self {
        Picante(Arc::new(Db::new()))
    }

    fn keys(&mut self, numbers: &[u64]) -> Vec<u64> {
        numbers.to_vec()
    }

    async fn ask(&mut self, keys: &[u64], times: u64) -> u64 {
        constants(&self.0, keys, times).await
    }

    async fn requests(&mut self, key: u64, times: u64) -> u64 {
        constants(&self.0, &[key], times).await
    }

    async fn ask_numbers(&mut self, numbers: &[u64]) -> u64 {
        constants(&self.0, numbers, 1).await
    }
}

impl Shared for Picante {
    async fn ask_twice_at_once(&mut self, keys: &[u64], times: u64) -> u64 {
        two_tasks(|| {
            let (db, keys) = (self.0.clone(), keys.to_vec());
            async move { constants(&db, &keys, times).await }
        })
        .await
    }
}

impl Sleeping for Picante {
    async fn new() -> Self {
        Picante(Arc::new(Db::new()))
    }

    async fn sleep(&mut self, queries: u64) -> u64 {
        let db = &*self.0;
        let naps = (0..queries).map(|number| db.nap.get(db, number));
        join_all(naps).await.into_iter().map(value).sum()
    }
}

impl Busy for Picante {
    async fn new() -> Self {
        Picante(Arc::new(Db::new()))
    }

    async fn both(&mut self, first: u64) -> u64 {
        let db = &*self.0;
        let (one, other) = join(db.busy.get(db, first), db.busy.get(db, first + 1)).await;
        value(one).wrapping_add(value(other))
    }
}

impl Graph for Picante {
    async fn new(size: Size) -> Self {
        let db = Db::new();
        for cell in 0..size.cells {
            db.cells.set(&db, cell, 0);
        }
        Picante(Arc::new(db))
    }

    async fn set(&mut self, sets: &[(u64, u64)]) {
        for &(cell, value) in sets {
            self.0.cells.set(&*self.0, cell, value);
        }
    }

    async fn ask(&mut self, ask: Ask) -> u64 {
        let db = &*self.0;
        match ask {
            Ask::Link(number) => value(db.link.get(db, number).await),
            Ask::Fan(leaves) => value(db.total.get(db, leaves).await),
            Ask::Branch(number) => value(db.branch.get(db, number).await),
            Ask::Leaves(leaves) => {
                let mut sum = 0;
                for number in 0..leaves {
                    sum += value(db.leaf.get(db, number).await);
                }
                sum
            }
        }
    }
}
