//! The adapters, one file each.

mod salsa;
mod salvia;

use crate::figure::Outcome;
use crate::workloads::Workload;

/// The engines, in the order of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Peer {
    Salvia,
    Salsa,
}

impl Peer {
    pub(crate) const ALL: [Peer; 2] = [Peer::Salvia, Peer::Salsa];

    /// The name on the command line and in the table.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Peer::Salvia => "salvia",
            Peer::Salsa => "salsa",
        }
    }

    /// Runs a workload in this process.
    pub(crate) fn run(self, workload: Workload) -> Outcome {
        match self {
            Peer::Salvia => salvia::run(workload),
            Peer::Salsa => salsa::run(workload),
        }
    }
}
