//! The workloads, each written once over a trait of [`world`](crate::world).
//!
//! Every one checks the values it gets and how many bodies ran, and panics at the first that is wrong.

pub(crate) mod chain;
pub(crate) mod commit;
pub(crate) mod fan;
pub(crate) mod keyed;
pub(crate) mod tree;

/// The list, in the order of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Workload {
    HotHit,
    Request,
    ManyKeys,
    Cold,
    Chain,
    Fan,
    Tree,
    Commit,
}

impl Workload {
    pub(crate) const ALL: [Workload; 8] = [
        Workload::HotHit,
        Workload::Request,
        Workload::ManyKeys,
        Workload::Cold,
        Workload::Chain,
        Workload::Fan,
        Workload::Tree,
        Workload::Commit,
    ];

    /// The name on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Workload::HotHit => "hot-hit",
            Workload::Request => "request",
            Workload::ManyKeys => "many-keys",
            Workload::Cold => "cold",
            Workload::Chain => "chain",
            Workload::Fan => "fan",
            Workload::Tree => "tree",
            Workload::Commit => "commit",
        }
    }
}
