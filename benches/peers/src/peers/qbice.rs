//! qbice, in memory: a query is a type, an executor computes it, a request is a tracked engine, a commit an input session.

use std::hint::black_box;
use std::sync::Arc;

use ::qbice::{
    Config, Decode, Encode, Engine, Executor, Identifiable, Query, StableHash, TrackedEngine,
    serialize::Plugin,
    stable_hash::{SeededStableHasherBuilder, Sip128Hasher},
    storage::storage_engine::in_memory::{InMemoryStorageEngine, InMemoryStorageEngineFactory},
};
use futures_util::future::{join, join_all};

use crate::count::{ran, ran_beside_others};
use crate::drive::{in_task, two_tasks};
use crate::figure::Outcome;
use crate::shape::{Ask, Children, NAP, Size, busy, children, upper};
use crate::workloads::{Workload, beside, chain, commit, fan, heap, keyed, tree};
use crate::world::{Busy, Graph, Keyed, Shared, Sleeping};

pub(super) fn run(workload: Workload) -> Outcome {
    Ok(match workload {
        Workload::HotHit => in_task(keyed::hot_hit::<Qbice>()),
        Workload::TwoThreads => in_task(keyed::two_threads::<Qbice>()),
        Workload::Request => in_task(keyed::request::<Qbice>()),
        Workload::ManyKeys => in_task(keyed::many_keys::<Qbice>()),
        Workload::Cold => in_task(keyed::cold::<Qbice>()),
        Workload::HeapOfConstants => in_task(heap::constants::<Qbice>()),
        Workload::HeapOfEdges => in_task(heap::edges::<Qbice>()),
        Workload::Chain => in_task(chain::run::<Qbice>()),
        Workload::Fan => in_task(fan::run::<Qbice>()),
        Workload::Tree => in_task(tree::run::<Qbice>()),
        Workload::Commit => in_task(commit::run::<Qbice>()),
        Workload::Sleeping => in_task(beside::sleeping::<Qbice>()),
        Workload::Busy => in_task(beside::busy::<Qbice>()),
        Workload::HeapOfCommits => in_task(heap::commits::<Qbice>()),
    })
}

/// The configuration of the default, but for where values are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Identifiable)]
struct InMemory;

impl Config for InMemory {
    type StorageEngine = InMemoryStorageEngine;
    type BuildStableHasher = SeededStableHasherBuilder<Sip128Hasher>;
    type BuildHasher = fxhash::FxBuildHasher;
}

/// Queries by number, each of a type of its own.
macro_rules! numbered {
    ($($query:ident)*) => {
        $(
            #[derive(
                Debug, Clone, Copy, PartialEq, Eq, Hash, StableHash, Identifiable, Encode, Decode,
            )]
            struct $query(u64);

            impl Query for $query {
                type Value = u64;
            }
        )*
    };
}

numbered!(Cell Constant Leaf Link Total Branch Nap Busily);

/// All the executors: none of them has anything of its own.
struct Body;

impl Executor<Constant, InMemory> for Body {
    async fn execute(&self, query: &Constant, _: &TrackedEngine<InMemory>) -> u64 {
        ran();
        query.0
    }
}

impl Executor<Leaf, InMemory> for Body {
    async fn execute(&self, query: &Leaf, engine: &TrackedEngine<InMemory>) -> u64 {
        ran();
        upper(engine.query(&Cell(query.0)).await)
    }
}

impl Executor<Link, InMemory> for Body {
    async fn execute(&self, query: &Link, engine: &TrackedEngine<InMemory>) -> u64 {
        ran();
        match query.0 {
            0 => upper(engine.query(&Cell(0)).await),
            number => engine.query(&Link(number - 1)).await + 1,
        }
    }
}

impl Executor<Total, InMemory> for Body {
    async fn execute(&self, query: &Total, engine: &TrackedEngine<InMemory>) -> u64 {
        ran();
        leaves(engine, query.0).await
    }
}

impl Executor<Branch, InMemory> for Body {
    async fn execute(&self, query: &Branch, engine: &TrackedEngine<InMemory>) -> u64 {
        ran();
        let mut sum = 0;
        match children(query.0) {
            Children::Cells(cells) => {
                for cell in cells {
                    sum += engine.query(&Cell(cell)).await;
                }
            }
            Children::Branches(branches) => {
                for number in branches {
                    sum += engine.query(&Branch(number)).await;
                }
            }
        }
        sum
    }
}

impl Executor<Nap, InMemory> for Body {
    async fn execute(&self, _: &Nap, _: &TrackedEngine<InMemory>) -> u64 {
        tokio::time::sleep(NAP).await;
        ran_beside_others();
        1
    }
}

impl Executor<Busily, InMemory> for Body {
    async fn execute(&self, query: &Busily, _: &TrackedEngine<InMemory>) -> u64 {
        busy(query.0)
    }
}

async fn leaves(engine: &TrackedEngine<InMemory>, leaves: u64) -> u64 {
    let mut sum = 0;
    for number in 0..leaves {
        sum += engine.query(&Leaf(number)).await;
    }
    sum
}

async fn constants(engine: &Arc<Engine<InMemory>>, keys: &[u64], times: u64) -> u64 {
    let tracked = engine.clone().tracked().await;
    let mut sum = 0;
    for _ in 0..times {
        for &key in keys {
            sum += tracked.query(&Constant(black_box(key))).await;
        }
    }
    sum
}

struct Qbice(Arc<Engine<InMemory>>);

impl Qbice {
    async fn empty() -> Self {
        let made = Engine::<InMemory>::new_with(
            Plugin::default(),
            InMemoryStorageEngineFactory,
            SeededStableHasherBuilder::new(0),
        );
        let mut engine = match made.await {
            Ok(engine) => engine,
            Err(never) => match never {},
        };
        let body = Arc::new(Body);
        engine.register_executor::<Constant, _>(body.clone());
        engine.register_executor::<Leaf, _>(body.clone());
        engine.register_executor::<Link, _>(body.clone());
        engine.register_executor::<Total, _>(body.clone());
        engine.register_executor::<Branch, _>(body.clone());
        engine.register_executor::<Nap, _>(body.clone());
        engine.register_executor::<Busily, _>(body);
        Qbice(Arc::new(engine))
    }
}

impl Keyed for Qbice {
    type Key = u64;

    async fn new() -> Self {
        Qbice::empty().await
    }

    fn keys(&mut self, numbers: &[u64]) -> Vec<u64> {
        numbers.to_vec()
    }

    async fn ask(&mut self, keys: &[u64], times: u64) -> u64 {
        constants(&self.0, keys, times).await
    }

    async fn requests(&mut self, key: u64, times: u64) -> u64 {
        let mut sum = 0;
        for _ in 0..times {
            sum += constants(&self.0, &[key], 1).await;
        }
        sum
    }

    async fn ask_numbers(&mut self, numbers: &[u64]) -> u64 {
        constants(&self.0, numbers, 1).await
    }
}

impl Shared for Qbice {
    async fn ask_twice_at_once(&mut self, keys: &[u64], times: u64) -> u64 {
        two_tasks(|| {
            let (engine, keys) = (self.0.clone(), keys.to_vec());
            async move { constants(&engine, &keys, times).await }
        })
        .await
    }
}

impl Sleeping for Qbice {
    async fn new() -> Self {
        Qbice::empty().await
    }

    async fn sleep(&mut self, queries: u64) -> u64 {
        let tracked = self.0.clone().tracked().await;
        let queries: Vec<_> = (0..queries).map(Nap).collect();
        let naps = queries.iter().map(|nap| tracked.query(nap));
        join_all(naps).await.iter().sum()
    }
}

impl Busy for Qbice {
    async fn new() -> Self {
        Qbice::empty().await
    }

    async fn both(&mut self, first: u64) -> u64 {
        let tracked = self.0.clone().tracked().await;
        let (one, other) = (Busily(first), Busily(first + 1));
        let (one, other) = join(tracked.query(&one), tracked.query(&other)).await;
        one.wrapping_add(other)
    }
}

impl Graph for Qbice {
    async fn new(size: Size) -> Self {
        let mut engine = Qbice::empty().await;
        let cells: Vec<_> = (0..size.cells).map(|cell| (cell, 0)).collect();
        engine.set(&cells).await;
        engine
    }

    async fn set(&mut self, sets: &[(u64, u64)]) {
        let mut session = self.0.input_session().await;
        for &(cell, value) in sets {
            session.set_input(Cell(cell), value).await;
        }
        session.commit().await;
    }

    async fn ask(&mut self, ask: Ask) -> u64 {
        let tracked = self.0.clone().tracked().await;
        match ask {
            Ask::Link(number) => tracked.query(&Link(number)).await,
            Ask::Fan(leaves) => tracked.query(&Total(leaves)).await,
            Ask::Branch(number) => tracked.query(&Branch(number)).await,
            Ask::Leaves(number) => leaves(&tracked, number).await,
        }
    }
}
