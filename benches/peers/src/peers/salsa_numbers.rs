//! salsa with the number itself as the argument: what a query is asked with is then the same as in salvia, and salsa interns it
//! at every call. (It takes a plain value only beside another argument; the other one is empty here.)

use std::hint::black_box;

use crate::count::ran;
use crate::drive::{on_a_thread, two_threads};
use crate::figure::Outcome;
use crate::workloads::{Workload, heap, keyed};
use crate::world::{Keyed, Shared};

pub(super) fn run(workload: Workload) -> Outcome {
    Ok(match workload {
        Workload::HotHit => on_a_thread(keyed::hot_hit::<Numbers>),
        Workload::TwoThreads => on_a_thread(keyed::two_threads::<Numbers>),
        Workload::Request => on_a_thread(keyed::request::<Numbers>),
        Workload::ManyKeys => on_a_thread(keyed::many_keys::<Numbers>),
        Workload::Cold => on_a_thread(keyed::cold::<Numbers>),
        Workload::HeapOfConstants => on_a_thread(heap::constants::<Numbers>),
        // Elsewhere salsa itself stands in the table.
        _ => return Err(""),
    })
}

#[derive(Clone, Default)]
struct Numbers(salsa::DatabaseImpl);

#[salsa::tracked(returns(copy))]
fn constant(_db: &dyn salsa::Database, number: u64, _none: ()) -> u64 {
    ran();
    number
}

fn constants(db: &dyn salsa::Database, keys: &[u64], times: u64) -> u64 {
    let mut sum = 0;
    for _ in 0..times {
        for &key in keys {
            sum += constant(db, black_box(key), ());
        }
    }
    sum
}

impl Keyed for Numbers {
    type Key = u64;

    async fn new() -> Self {
        Numbers::default()
    }

    fn keys(&mut self, numbers: &[u64]) -> Vec<u64> {
        numbers.to_vec()
    }

    async fn ask(&mut self, keys: &[u64], times: u64) -> u64 {
        constants(&self.0, keys, times)
    }

    async fn requests(&mut self, key: u64, times: u64) -> u64 {
        let mut sum = 0;
        for _ in 0..times {
            let request = self.0.clone();
            sum += constant(&request, black_box(key), ());
        }
        sum
    }

    async fn ask_numbers(&mut self, numbers: &[u64]) -> u64 {
        constants(&self.0, numbers, 1)
    }
}

impl Shared for Numbers {
    async fn ask_twice_at_once(&mut self, keys: &[u64], times: u64) -> u64 {
        two_threads(|| {
            let db = self.0.clone();
            move || constants(&db, keys, times)
        })
    }
}
