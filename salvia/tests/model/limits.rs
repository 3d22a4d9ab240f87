//! What a world does not keep: values beyond the limit of their query or the budget of the runtime,
//! and what its clients collect by hand.
//!
//! Drawn apart from the rest of a world, so a world does the same with limits and without.

use salvia::Collect;
use salvia::runtime::Builder;

use crate::rng::{Rng, mix};

/// What is not kept is made again for every path to it, and the number of paths grows with each node
/// that has nodes below: so only so many of the lowest have limits, and only so small a world a budget.
const LOW: u16 = 14;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// About so many nodes of four are of the query with a limit.
    bounded: u32,
    seed: u64,
    /// How many bytes the runtime keeps: a handful of nodes.
    budget: Option<usize>,
    /// Whether anybody collects.
    pub(crate) collects: bool,
}

impl Limits {
    /// All is kept.
    pub(crate) fn none() -> Self {
        Self {
            bounded: 0,
            seed: 0,
            budget: None,
            collects: false,
        }
    }

    /// The limits of the world of a seed, where so many of a hundred have some.
    pub(crate) fn of(seed: u64, percent: usize, nodes: u16) -> Self {
        let mut rng = Rng::new(seed ^ 0xe71c);
        if !rng.percent(percent) {
            return Self::none();
        }
        Self {
            bounded: [0, 1, 2][rng.below(3)],
            seed: rng.next(),
            budget: rng
                .percent(40)
                .then(|| rng.within(500, 8_000))
                .filter(|_| nodes <= LOW),
            collects: rng.percent(80),
        }
    }

    /// Whether a value may go while somebody could still ask for it, and a body so run again.
    pub(crate) fn forget(&self) -> bool {
        self.bounded > 0 || self.budget.is_some() || self.collects
    }

    /// Whether a node is of the query with a limit.
    pub(crate) fn bind(&self, node: u16) -> bool {
        node < LOW && mix(self.seed ^ u64::from(node)) % 4 < u64::from(self.bounded)
    }

    pub(crate) fn build(&self, builder: Builder) -> Builder {
        match self.budget {
            Some(bytes) => builder.memory_budget(bytes),
            None => builder,
        }
    }
}

/// What one collection looks for.
pub(crate) fn collection(rng: &mut Rng) -> Collect {
    match rng.below(4) {
        0 => Collect::Unused { revisions: 0 },
        1 => Collect::Unused {
            revisions: rng.within(1, 4) as u64,
        },
        _ => Collect::All,
    }
}
