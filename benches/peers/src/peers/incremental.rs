//! incremental: nodes that the program holds, computed when the graph is stabilised.
//!
//! The graph is pushed: stabilising recomputes what is observed. It is done when something is asked, so a commit is the writes
//! alone, as in salsa. Leaves that are asked for one by one are observed only while they are asked for.

use std::hint::black_box;

use ::incremental::{Incr, IncrState, Observer, Var};

use crate::count::ran;
use crate::drive::on_a_thread;
use crate::figure::Outcome;
use crate::shape::{Ask, BRANCHES, CHAIN, Children, Size, children, upper};
use crate::workloads::{Workload, chain, commit, fan, heap, keyed, tree};
use crate::world::{Graph, Keyed};

const NO_KEYS: &str = "no look-up by key: the program holds the nodes";

pub(super) fn run(workload: Workload) -> Outcome {
    Ok(match workload {
        Workload::HotHit => on_a_thread(keyed::hot_hit::<Values>),
        Workload::TwoThreads => return Err("single-threaded"),
        Workload::Request => return Err("no requests: an observer is read"),
        Workload::ManyKeys | Workload::Cold => return Err(NO_KEYS),
        Workload::HeapOfConstants => on_a_thread(heap::constants::<Values>),
        Workload::HeapOfEdges => on_a_thread(heap::edges::<Net>),
        Workload::Chain => on_a_thread(chain::run::<Net>),
        Workload::Fan => on_a_thread(fan::run::<Net>),
        Workload::Tree => on_a_thread(tree::run::<Net>),
        Workload::Commit => on_a_thread(commit::run::<Net>),
        Workload::Sleeping => return Err("synchronous: a node cannot wait for a timer"),
        Workload::Busy => return Err("single-threaded"),
        Workload::HeapOfCommits => on_a_thread(heap::commits::<Net>),
    })
}

/// Observed constants; a key is a place in the list.
struct Values {
    state: IncrState,
    observers: Vec<Observer<u64>>,
}

impl Keyed for Values {
    type Key = usize;

    async fn new() -> Self {
        Values {
            state: IncrState::new(),
            observers: Vec::new(),
        }
    }

    fn keys(&mut self, numbers: &[u64]) -> Vec<usize> {
        let first = self.observers.len();
        for &number in numbers {
            let node = self.state.constant(()).map(move |()| {
                ran();
                number
            });
            self.observers.push(node.observe());
        }
        (first..self.observers.len()).collect()
    }

    async fn ask(&mut self, keys: &[usize], times: u64) -> u64 {
        if !self.state.is_stable() {
            self.state.stabilise();
        }
        let mut sum = 0;
        for _ in 0..times {
            for &key in keys {
                sum += self.observers[black_box(key)].value();
            }
        }
        sum
    }

    async fn requests(&mut self, key: usize, times: u64) -> u64 {
        Keyed::ask(self, &[key], times).await
    }

    async fn ask_numbers(&mut self, numbers: &[u64]) -> u64 {
        let keys = self.keys(numbers);
        Keyed::ask(self, &keys, 1).await
    }
}

/// The graph, as far as it was asked for.
struct Net {
    state: IncrState,
    cells: Vec<Var<u64>>,
    leaves: Vec<Incr<u64>>,
    /// What was asked for last, and is still observed.
    asked: Option<Observer<u64>>,
}

impl Net {
    fn top(&self) -> Incr<u64> {
        let bottom = self.cells[0].map(|cell| {
            ran();
            upper(*cell)
        });
        (1..CHAIN).fold(bottom, |below, _| {
            below.map(|below| {
                ran();
                below + 1
            })
        })
    }

    fn leaf(&mut self, number: usize) -> Incr<u64> {
        while self.leaves.len() <= number {
            let cell = &self.cells[self.leaves.len()];
            self.leaves.push(cell.map(|cell| {
                ran();
                upper(*cell)
            }));
        }
        self.leaves[number].clone()
    }

    /// One node over many: it is computed again as a whole.
    fn sum(&self, of: Vec<Incr<u64>>) -> Incr<u64> {
        let last = of.len();
        let mut at = 0;
        self.state.fold(of, 0, move |sum, value| {
            at += 1;
            if at == last {
                at = 0;
                ran();
            }
            sum + value
        })
    }

    fn root(&self) -> Incr<u64> {
        let mut branches: Vec<Incr<u64>> = Vec::new();
        for number in 0..BRANCHES {
            let of = match children(number) {
                Children::Cells(cells) => cells
                    .map(|cell| self.cells[cell as usize].watch())
                    .collect(),
                Children::Branches(below) => below
                    .map(|below| branches[below as usize].clone())
                    .collect(),
            };
            branches.push(self.sum(of));
        }
        branches.pop().expect("there are branches")
    }

    /// The sum of leaves that are observed for the moment.
    fn ask_leaves(&mut self, leaves: u64) -> u64 {
        let observers: Vec<_> = (0..leaves)
            .map(|number| self.leaf(number as usize).observe())
            .collect();
        self.state.stabilise();
        let sum = observers.iter().map(Observer::value).sum();
        // What is no longer observed is let go when the graph is stabilised.
        drop(observers);
        self.state.stabilise();
        sum
    }
}

impl Graph for Net {
    async fn new(size: Size) -> Self {
        let state = IncrState::new_with_height(CHAIN as usize + 8);
        let cells = (0..size.cells).map(|_| state.var(0)).collect();
        Net {
            state,
            cells,
            leaves: Vec::new(),
            asked: None,
        }
    }

    async fn set(&mut self, sets: &[(u64, u64)]) {
        for &(number, value) in sets {
            self.cells[number as usize].set(value);
        }
    }

    async fn ask(&mut self, ask: Ask) -> u64 {
        if let Ask::Leaves(leaves) = ask {
            return self.ask_leaves(leaves);
        }
        if self.asked.is_none() {
            let node = match ask {
                Ask::Fan(leaves) => {
                    let leaves = (0..leaves).map(|number| self.leaf(number as usize));
                    let leaves = leaves.collect();
                    self.sum(leaves)
                }
                Ask::Branch(_) => self.root(),
                Ask::Link(_) | Ask::Leaves(_) => self.top(),
            };
            self.asked = Some(node.observe());
        }
        self.state.stabilise();
        self.asked.as_ref().map_or(0, Observer::value)
    }
}
