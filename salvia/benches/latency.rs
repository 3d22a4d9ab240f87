//! What one has to wait for another: commits beside readers, readers beside commits, other tasks beside a long commit, siblings
//! beside each other.
//!
//! `cargo bench -p salvia --bench latency` prints a table: of each figure the median of several rounds, and the least and the most
//! of them. Each part checks its answers, so that what is measured is what is promised. `SALVIA_ROUNDS` sets the number of rounds,
//! an argument the parts to run by their names, `SALVIA_SCHEDULING=task-per-node` the other scheduling.

#[expect(dead_code, reason = "the tests in `it` use all of it")]
#[path = "../tests/it/kit.rs"]
mod kit;

#[path = "latency/commits.rs"]
mod commits;
#[path = "latency/readers.rs"]
mod readers;
#[path = "latency/siblings.rs"]
mod siblings;
#[path = "latency/table.rs"]
mod table;
#[path = "latency/turns.rs"]
mod turns;

use std::future::Future;
use std::time::Duration;

use table::Table;

/// One round of a part of the bench.
type Part = fn(&mut Table);

const PARTS: [(&str, Part); 5] = [
    ("long-reader", commits::beside_a_long_reader),
    ("endless-readers", commits::beside_endless_readers),
    ("cold-reader", readers::beside_many_commits),
    ("long-commit", turns::beside_a_long_commit),
    ("siblings", siblings::in_a_row_and_beside),
];

fn main() {
    // Cargo adds a flag of its own.
    let wanted: Vec<_> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .collect();
    for (name, part) in PARTS {
        if wanted.is_empty() || wanted.iter().any(|word| word == name) {
            let mut table = Table::default();
            for _ in 0..rounds() {
                part(&mut table);
            }
            println!("\n{name}\n{table}");
        }
    }
}

fn rounds() -> u32 {
    match std::env::var("SALVIA_ROUNDS") {
        Ok(number) => number.parse().expect("SALVIA_ROUNDS is a number"),
        Err(_) => 5,
    }
}

/// Runs a part in a task of a pool of two workers.
fn on_two_workers<T: Send + 'static>(part: impl Future<Output = T> + Send + 'static) -> T {
    let tokio = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("threads can be had");
    tokio.block_on(tokio.spawn(part)).expect("its checks hold")
}

/// Keeps the core busy.
fn compute(for_: Duration) {
    let end = std::time::Instant::now() + for_;
    while std::time::Instant::now() < end {
        std::hint::spin_loop();
    }
}
