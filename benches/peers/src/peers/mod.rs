//! The adapters, one file each.

mod comemo;
mod floor;
mod incremental;
mod picante;
mod qbice;
mod salsa;
mod salsa_numbers;
mod salvia;

use crate::figure::Outcome;
use crate::workloads::Workload;

/// What runs a workload of an engine in this process.
type Run = fn(Workload) -> Outcome;

/// The engines and the floors, in the order of the table: the name there and on the command line, and what runs a workload.
const PEERS: [(&str, Run); 10] = [
    ("salvia", salvia::run),
    ("salsa", salsa::run),
    ("salsa-u64", salsa_numbers::run),
    ("incremental", incremental::run),
    ("comemo", comemo::run),
    ("picante", picante::run),
    ("qbice", qbice::run),
    ("papaya", floor::papaya),
    ("rwlock-map", floor::locked),
    ("tokio", floor::tokio),
];

/// One of the engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Peer(usize);

impl Peer {
    pub(crate) fn all() -> impl Iterator<Item = Peer> {
        (0..PEERS.len()).map(Peer)
    }

    pub(crate) fn named(name: &str) -> Option<Peer> {
        Peer::all().find(|peer| peer.name() == name)
    }

    pub(crate) fn name(self) -> &'static str {
        PEERS[self.0].0
    }

    /// Runs a workload in this process.
    pub(crate) fn run(self, workload: Workload) -> Outcome {
        PEERS[self.0].1(workload)
    }
}
