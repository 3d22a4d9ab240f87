//! comemo: memoized functions over a tracked world.
//!
//! Inputs are the program's own values, and setting one is an ordinary write. A result is valid while the calls of the world
//! below it answer the same, so there is no cut-off at a query between. Old results stay until they are evicted, which is done
//! now and then here, as its users do after each round.

use std::hint::black_box;

use ::comemo::{Track, Tracked, memoize, track};

use crate::count::ran;
use crate::drive::{on_a_thread, two_threads};
use crate::figure::Outcome;
use crate::shape::{Ask, Children, Size, children, upper};
use crate::workloads::{Workload, chain, fan, heap, keyed, tree};
use crate::world::{Graph, Keyed, Shared};

/// Writes between two evictions, and how many of those a result outlives that nobody asks for.
const ROUND: u64 = 100;
const AGE: usize = 10;

pub(super) fn run(workload: Workload) -> Outcome {
    Ok(match workload {
        Workload::HotHit => on_a_thread(keyed::hot_hit::<Comemo>),
        Workload::TwoThreads => on_a_thread(keyed::two_threads::<Comemo>),
        Workload::Request => return Err("no requests: a call is a call"),
        Workload::ManyKeys => on_a_thread(keyed::many_keys::<Comemo>),
        Workload::Cold => on_a_thread(keyed::cold::<Comemo>),
        Workload::HeapOfConstants => on_a_thread(heap::constants::<Comemo>),
        Workload::HeapOfEdges => on_a_thread(heap::edges::<Comemo>),
        Workload::Chain => on_a_thread(chain::run::<Comemo>),
        Workload::Fan => on_a_thread(fan::run::<Comemo>),
        Workload::Tree => on_a_thread(tree::run::<Comemo>),
        Workload::Commit => return Err("no commits: inputs are the program's own values"),
        Workload::Sleeping => return Err("synchronous: a query cannot wait for a timer"),
        Workload::Busy => return Err("synchronous: no join; threads are the program's own"),
        Workload::HeapOfCommits => on_a_thread(heap::commits::<Comemo>),
    })
}

struct World(Vec<u64>);

#[track]
impl World {
    fn cell(&self, number: u64) -> u64 {
        self.0[number as usize]
    }
}

#[memoize]
fn constant(number: u64) -> u64 {
    ran();
    number
}

#[memoize]
fn leaf(world: Tracked<'_, World>, number: u64) -> u64 {
    ran();
    upper(world.cell(number))
}

#[memoize]
fn link(world: Tracked<'_, World>, number: u64) -> u64 {
    ran();
    match number {
        0 => upper(world.cell(0)),
        _ => link(world, number - 1) + 1,
    }
}

#[memoize]
fn total(world: Tracked<'_, World>, leaves: u64) -> u64 {
    ran();
    (0..leaves).map(|number| leaf(world, number)).sum()
}

#[memoize]
fn branch(world: Tracked<'_, World>, number: u64) -> u64 {
    ran();
    match children(number) {
        Children::Cells(cells) => cells.map(|number| world.cell(number)).sum(),
        Children::Branches(branches) => branches.map(|number| branch(world, number)).sum(),
    }
}

fn constants(keys: &[u64], times: u64) -> u64 {
    let mut sum = 0;
    for _ in 0..times {
        for &key in keys {
            sum += constant(black_box(key));
        }
    }
    sum
}

/// The caches are the process's, so a new world empties them.
struct Comemo {
    world: World,
    writes: u64,
}

impl Comemo {
    fn over(cells: u64) -> Self {
        comemo::evict(0);
        Comemo {
            world: World(vec![0; cells as usize]),
            writes: 0,
        }
    }
}

impl Keyed for Comemo {
    type Key = u64;

    async fn new() -> Self {
        Comemo::over(0)
    }

    fn keys(&mut self, numbers: &[u64]) -> Vec<u64> {
        numbers.to_vec()
    }

    async fn ask(&mut self, keys: &[u64], times: u64) -> u64 {
        constants(keys, times)
    }

    async fn requests(&mut self, key: u64, times: u64) -> u64 {
        constants(&[key], times)
    }

    async fn ask_numbers(&mut self, numbers: &[u64]) -> u64 {
        constants(numbers, 1)
    }
}

impl Shared for Comemo {
    async fn ask_twice_at_once(&mut self, keys: &[u64], times: u64) -> u64 {
        two_threads(|| || constants(keys, times))
    }
}

impl Graph for Comemo {
    const NO_CUT_OFF: Option<&'static str> =
        Some("no early cut-off: a result depends on the calls of the world, not on other results");

    async fn new(size: Size) -> Self {
        Comemo::over(size.cells)
    }

    async fn set(&mut self, sets: &[(u64, u64)]) {
        for &(number, value) in sets {
            self.world.0[number as usize] = value;
        }
        self.writes += 1;
        if self.writes.is_multiple_of(ROUND) {
            comemo::evict(AGE);
        }
    }

    async fn ask(&mut self, ask: Ask) -> u64 {
        let world = self.world.track();
        match ask {
            Ask::Link(number) => link(world, number),
            Ask::Fan(leaves) => total(world, leaves),
            Ask::Branch(number) => branch(world, number),
            Ask::Leaves(leaves) => (0..leaves).map(|number| leaf(world, number)).sum(),
        }
    }
}
