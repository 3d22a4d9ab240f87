//! The workloads, each written once over a trait of [`world`](crate::world).
//!
//! Every one checks the values it gets and how many bodies ran, and panics at the first that is wrong.

pub(crate) mod beside;
pub(crate) mod chain;
pub(crate) mod commit;
pub(crate) mod fan;
pub(crate) mod heap;
pub(crate) mod keyed;
pub(crate) mod tree;

/// The list, in the order of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Workload {
    HotHit,
    TwoThreads,
    Request,
    ManyKeys,
    Cold,
    HeapOfConstants,
    HeapOfEdges,
    Chain,
    Fan,
    Tree,
    Commit,
    Sleeping,
    Busy,
    HeapOfCommits,
}

impl Workload {
    pub(crate) const ALL: [Workload; 14] = [
        Workload::HotHit,
        Workload::TwoThreads,
        Workload::Request,
        Workload::ManyKeys,
        Workload::Cold,
        Workload::HeapOfConstants,
        Workload::HeapOfEdges,
        Workload::Chain,
        Workload::Fan,
        Workload::Tree,
        Workload::Commit,
        Workload::Sleeping,
        Workload::Busy,
        Workload::HeapOfCommits,
    ];

    /// The name on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Workload::HotHit => "hot-hit",
            Workload::TwoThreads => "two-threads",
            Workload::Request => "request",
            Workload::ManyKeys => "many-keys",
            Workload::Cold => "cold",
            Workload::HeapOfConstants => "heap-constants",
            Workload::HeapOfEdges => "heap-edges",
            Workload::Chain => "chain",
            Workload::Fan => "fan",
            Workload::Tree => "tree",
            Workload::Commit => "commit",
            Workload::Sleeping => "sleeping",
            Workload::Busy => "busy",
            Workload::HeapOfCommits => "heap-commits",
        }
    }

    /// Whether it counts bytes: it then runs in the binary that can, and once, for it finds the same each time.
    pub(crate) fn counts_bytes(self) -> bool {
        matches!(
            self,
            Workload::HeapOfConstants | Workload::HeapOfEdges | Workload::HeapOfCommits
        )
    }
}
