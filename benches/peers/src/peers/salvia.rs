//! salvia, as its README uses it: queries take numbers, a request is a `query` of the runtime, a commit a `mutate`.

use std::hint::black_box;
use std::sync::Arc;

use ::salvia::{Input, InputAccess, QueryContext, Runtime, query};
use futures_util::future::{join, join_all};

use crate::count::{ran, ran_beside_others};
use crate::drive::{in_task, two_tasks};
use crate::figure::Outcome;
use crate::shape::{Ask, Children, NAP, Size, busy, children, upper};
use crate::workloads::{Workload, beside, chain, commit, fan, heap, keyed, tree};
use crate::world::{Busy, Graph, Keyed, Shared, Sleeping};

pub(super) fn run(workload: Workload) -> Outcome {
    Ok(match workload {
        Workload::HotHit => in_task(keyed::hot_hit::<Salvia>()),
        Workload::TwoThreads => in_task(keyed::two_threads::<Salvia>()),
        Workload::Request => in_task(keyed::request::<Salvia>()),
        Workload::ManyKeys => in_task(keyed::many_keys::<Salvia>()),
        Workload::Cold => in_task(keyed::cold::<Salvia>()),
        Workload::HeapOfConstants => in_task(heap::constants::<Salvia>()),
        Workload::HeapOfEdges => in_task(heap::edges::<Salvia>()),
        Workload::Chain => in_task(chain::run::<Salvia>()),
        Workload::Fan => in_task(fan::run::<Salvia>()),
        Workload::Tree => in_task(tree::run::<Salvia>()),
        Workload::Commit => in_task(commit::run::<Salvia>()),
        Workload::Sleeping => in_task(beside::sleeping::<Salvia>()),
        Workload::Busy => in_task(beside::busy::<Salvia>()),
        Workload::HeapOfCommits => in_task(heap::commits::<Salvia>()),
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputAccess)]
struct Cell(u64);

impl Input<u64> for Cell {
    fn initial(&self) -> u64 {
        0
    }
}

#[query]
async fn constant(number: u64, _cx: &QueryContext) -> u64 {
    ran();
    number
}

#[query]
async fn leaf(number: u64, cx: &QueryContext) -> u64 {
    ran();
    let cell: u64 = Cell(number).get(cx).await;
    upper(cell)
}

#[query]
async fn link(number: u64, cx: &QueryContext) -> u64 {
    ran();
    if number == 0 {
        let cell: u64 = Cell(0).get(cx).await;
        return upper(cell);
    }
    link(number - 1, cx).await + 1
}

#[query]
async fn fan(leaves: u64, cx: &QueryContext) -> u64 {
    ran();
    let mut sum = 0;
    for number in 0..leaves {
        sum += leaf(number, cx).await;
    }
    sum
}

#[query]
async fn branch(number: u64, cx: &QueryContext) -> u64 {
    ran();
    let mut sum = 0;
    match children(number) {
        Children::Cells(cells) => {
            for cell in cells {
                sum += Cell(cell).get::<u64>(cx).await;
            }
        }
        Children::Branches(branches) => {
            for number in branches {
                sum += branch(number, cx).await;
            }
        }
    }
    sum
}

#[query]
async fn nap(_number: u64, _cx: &QueryContext) -> u64 {
    tokio::time::sleep(NAP).await;
    ran_beside_others();
    1
}

#[query]
async fn busily(number: u64, _cx: &QueryContext) -> u64 {
    busy(number)
}

struct Salvia(Arc<Runtime>);

async fn constants(runtime: &Arc<Runtime>, keys: &[u64], times: u64) -> u64 {
    runtime
        .query(|cx| async move {
            let mut sum = 0;
            for _ in 0..times {
                for &key in keys {
                    sum += constant(black_box(key), &cx).await;
                }
            }
            sum
        })
        .await
}

impl Keyed for Salvia {
    type Key = u64;

    async fn new() -> Self {
        Salvia(Runtime::new().await)
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
            sum += self
                .0
                .query(|cx| async move { constant(black_box(key), &cx).await })
                .await;
        }
        sum
    }

    async fn ask_numbers(&mut self, numbers: &[u64]) -> u64 {
        Keyed::ask(self, numbers, 1).await
    }
}

impl Shared for Salvia {
    async fn ask_twice_at_once(&mut self, keys: &[u64], times: u64) -> u64 {
        two_tasks(|| {
            let (runtime, keys) = (self.0.clone(), keys.to_vec());
            async move { constants(&runtime, &keys, times).await }
        })
        .await
    }
}

impl Sleeping for Salvia {
    async fn new() -> Self {
        Salvia(Runtime::new().await)
    }

    async fn sleep(&mut self, queries: u64) -> u64 {
        self.0
            .query(|cx| async move {
                let naps = (0..queries).map(|number| nap(number, &cx));
                join_all(naps).await.iter().sum()
            })
            .await
    }
}

impl Busy for Salvia {
    async fn new() -> Self {
        Salvia(Runtime::new().await)
    }

    async fn both(&mut self, first: u64) -> u64 {
        self.0
            .query(|cx| async move {
                let (one, other) = join(busily(first, &cx), busily(first + 1, &cx)).await;
                one.wrapping_add(other)
            })
            .await
    }
}

impl Graph for Salvia {
    async fn new(_: Size) -> Self {
        Salvia(Runtime::new().await)
    }

    async fn set(&mut self, sets: &[(u64, u64)]) {
        self.0
            .mutate(|cx| async move {
                for &(cell, value) in sets {
                    Cell(cell).set(value, &cx).await;
                }
            })
            .await;
    }

    async fn ask(&mut self, ask: Ask) -> u64 {
        self.0
            .query(|cx| async move {
                match ask {
                    Ask::Link(number) => link(number, &cx).await,
                    Ask::Fan(leaves) => fan(leaves, &cx).await,
                    Ask::Branch(number) => branch(number, &cx).await,
                    Ask::Leaves(leaves) => {
                        let mut sum = 0;
                        for number in 0..leaves {
                            sum += leaf(number, &cx).await;
                        }
                        sum
                    }
                }
            })
            .await
    }
}
