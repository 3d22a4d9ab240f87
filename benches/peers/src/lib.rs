//! salvia beside its peers: the same workloads, the same checks, one table.
//!
//! `cargo run --release` measures everything; arguments select engines and workloads. Each measurement is a process of its own,
//! so that no engine inherits another's heap, and the engines take turns, so that a busy minute hits all of them.

mod clock;
mod count;
mod drive;
mod figure;
mod heap;
mod number;
mod peers;
mod report;
mod rounds;
mod shape;
mod workloads;
mod world;

use std::process::ExitCode;

use figure::Entry;
pub use heap::count_with;
use peers::Peer;
use workloads::Workload;

/// What the process is asked to do by its first argument when it is a child: one workload of one engine.
const CHILD: &str = "--child";

/// The program: a child of the measurement, or the parent.
pub fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &arguments[..] {
        [child, workload, peer] if child == CHILD => self::child(workload, peer),
        words => rounds::main(words),
    }
}

/// Runs one workload of one engine, and prints what came out.
fn child(workload: &str, peer: &str) -> ExitCode {
    let workload = Workload::ALL
        .into_iter()
        .find(|known| known.name() == workload);
    let (Some(workload), Some(peer)) = (workload, Peer::named(peer)) else {
        eprintln!("no such workload or engine");
        return ExitCode::FAILURE;
    };
    let none = |reason| vec![Entry::none(workload.name(), reason)];
    let entries = peer.run(workload).unwrap_or_else(none);
    for entry in entries {
        println!("{}", entry.to_line());
    }
    ExitCode::SUCCESS
}
