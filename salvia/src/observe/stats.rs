//! Figures of a runtime.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::node::bound::{Kind, Work};
use crate::node::memo::Memo;
use crate::node::state::Node;
use crate::runtime::Runtime;
use crate::runtime::size;
use crate::sync::{Common, Counted};

/// What there is in a runtime, and what has happened so far; see [`Runtime::stats`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Bound queries that have been asked for.
    pub nodes: usize,
    /// Inputs that have been read or set.
    pub inputs: usize,
    /// Reads that are remembered: two of one node in one execution are one.
    pub edges: usize,
    /// An estimate of the memory that nodes, inputs and their values take. Of a value it is what
    /// `#[query(size = path)]` says besides its own size; what else a value or an argument points
    /// to is not known, and what is kept for old snapshots alone is not counted.
    pub bytes: usize,
    /// Calls of queries whose value was there for the taking. Each context counts its own, and
    /// they are added when it goes: those of what is running now are missing. Where one context is
    /// used by several threads at once it is about so many.
    pub hits: u64,
    /// Values that were found right without a run after something below had changed. Those between
    /// the ends of a chain are not counted, as with [`Event::Validated`](crate::Event::Validated).
    pub validations: u64,
    /// Bodies that ran to a value.
    pub executions: u64,
    /// Executions that came to an equal value.
    pub cut_offs: u64,
    /// Values that were given up to save memory.
    pub evictions: u64,
    /// Writes that did nothing, to inputs hosted on the ids of [anonymous nodes](crate::QueryContext::memo) that had been
    /// dropped.
    pub dropped_writes: u64,
    /// The same for each query function, by its name; by its path where several have one name.
    pub queries: BTreeMap<String, QueryStats>,
}

/// The figures of one query function.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct QueryStats {
    /// Bound queries that have been asked for.
    pub nodes: usize,
    /// As in [`Stats::bytes`].
    pub bytes: usize,
    /// As in [`Stats::validations`].
    pub validations: u64,
    /// As in [`Stats::executions`].
    pub executions: u64,
    /// As in [`Stats::cut_offs`].
    pub cut_offs: u64,
    /// As in [`Stats::evictions`].
    pub evictions: u64,
    /// How long a body keeps a core busy, without what it asks for: a running mean of the executions that
    /// were measured, which are the first and then some. Of a generic function, that of its dearest instance.
    pub mean_cost: Duration,
}

impl Runtime {
    /// Figures of this runtime, for looking at: how much there is, and what was saved.
    ///
    /// It visits every node, one at a time, and disturbs nobody; what changes meanwhile may be counted
    /// or not. Watches are not counted.
    ///
    /// ```
    /// # use salvia::{query, QueryContext, Runtime};
    /// #[query]
    /// async fn double(n: u64, cx: &QueryContext) -> u64 {
    ///     2 * n
    /// }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let rt = Runtime::new().await;
    /// rt.query(async |cx| double(1, &cx).await + double(1, &cx).await + double(2, &cx).await).await;
    /// let stats = rt.stats();
    /// assert_eq!((stats.nodes, stats.executions, stats.hits), (2, 2, 1));
    /// assert_eq!(stats.queries["double"].executions, 2);
    /// # }
    /// ```
    pub fn stats(&self) -> Stats {
        let engine = self.engine();
        let mut queries = Queries::of(engine.store.kinds());
        let mut stats = Stats {
            hits: engine.hits.get(),
            dropped_writes: engine.dropped_writes.get(),
            ..Stats::default()
        };
        for (_, node) in engine.store.nodes() {
            let Some((memo, bytes)) = measure(node) else {
                continue;
            };
            match memo.bound.kind().work {
                Work::Watch => continue,
                Work::Input(_) => stats.inputs += 1,
                Work::Query(..) => stats.nodes += 1,
            }
            stats.bytes += bytes;
            stats.edges += memo.finding().map_or(0, |found| found.edges.len() as usize);
            queries.add(memo.bound.kind(), bytes);
        }
        for (_, figures) in queries.0.values() {
            stats.validations += figures.validations;
            stats.executions += figures.executions;
            stats.cut_offs += figures.cut_offs;
            stats.evictions += figures.evictions;
        }
        stats.queries = queries.by_name();
        stats
    }
}

/// What a node takes, and its memo. `None` of a vacant slot.
fn measure(node: &Node) -> Option<(Counted<Memo>, usize)> {
    let state = node.state.lock();
    let memo = state.memo()?.clone();
    let beside = state.readers.heap_bytes() + state.waited_bytes();
    drop(state);
    let bytes = size::bytes(&memo) + beside;
    Some((memo, bytes))
}

/// The names and figures of query functions, by path; instances of one generic function are one.
struct Queries(BTreeMap<String, (String, QueryStats)>);

impl Queries {
    fn of(kinds: Vec<Common<Kind>>) -> Self {
        let mut queries = Queries(BTreeMap::new());
        for kind in kinds {
            if !matches!(kind.work, Work::Query(..)) {
                continue;
            }
            let entry = queries.0.entry(kind.path.clone());
            let (_, figures) = entry.or_insert_with(|| (kind.name.clone(), QueryStats::default()));
            figures.validations += kind.counts.validations.get();
            figures.executions += kind.counts.executions.get();
            figures.cut_offs += kind.counts.cut_offs.get();
            figures.evictions += kind.counts.evictions.get();
            figures.mean_cost = figures.mean_cost.max(kind.cost.busy());
        }
        queries
    }

    fn add(&mut self, kind: &Kind, bytes: usize) {
        if let Some((_, figures)) = self.0.get_mut(&kind.path) {
            figures.nodes += 1;
            figures.bytes += bytes;
        }
    }

    /// By name, where that is one function's alone.
    fn by_name(self) -> BTreeMap<String, QueryStats> {
        let mut of_name: BTreeMap<&str, usize> = BTreeMap::new();
        for (name, _) in self.0.values() {
            *of_name.entry(name).or_default() += 1;
        }
        let is_alone: Vec<bool> = self
            .0
            .values()
            .map(|(name, _)| of_name[&**name] == 1)
            .collect();
        let named = self.0.into_iter().zip(is_alone);
        named
            .map(|((path, (name, figures)), alone)| (if alone { name } else { path }, figures))
            .collect()
    }
}
