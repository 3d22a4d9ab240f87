//! Collecting garbage by hand.

use crate::node::edge::Edge;
use crate::node::memo::Memo;
use crate::revision::Revision;
use crate::runtime::engine::{Engine, EngineArc};
use crate::runtime::guard::discard;
use crate::runtime::pin::WritersTurn;
use crate::runtime::poll::{Doing, Mark};
use crate::sync::Counted;

/// What [`Runtime::collect_garbage`](crate::Runtime::collect_garbage) looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Collect {
    /// What nobody took in the last so many revisions. With 0, what was not taken since the newest
    /// began; beyond the last thousand revisions it is not known when a value was taken, and it stays.
    Unused {
        /// How many revisions back.
        revisions: u64,
    },
    /// Whatever can be made again.
    All,
}

/// What [`Runtime::collect_garbage`](crate::Runtime::collect_garbage) has dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Collected {
    /// Values of queries.
    pub values: u64,
    /// Bound queries the engine knows nothing of any more.
    pub nodes: u64,
    /// Inputs that nobody reads and nobody ever set.
    pub inputs: u64,
}

impl Engine {
    fn collect_node(
        &self,
        edge: Edge,
        memo: &Counted<Memo>,
        turn: Option<&WritersTurn>,
        done: &mut Collected,
    ) -> bool {
        if self.free(edge, memo) {
            done.nodes += 1;
            return true;
        }
        let is_gone = turn.is_some_and(|turn| self.free_input(edge, memo, turn));
        done.inputs += u64::from(is_gone);
        is_gone
    }
}

impl EngineArc {
    pub(crate) fn collect(&self, what: Collect) -> Collected {
        let since = match what {
            Collect::All => None,
            Collect::Unused { revisions } => {
                let now = self.clock.revision().raw();
                let oldest = Revision::from_raw(now.saturating_sub(revisions));
                Some(self.keeper.tick_of(oldest))
            }
        };
        let is_unused = |memo: &Memo| since.is_none_or(|since| before(memo.taken_at(), since));
        let mut done = Collected::default();
        let mut candidates = Vec::new();
        for (edge, memo) in self.store.all() {
            if is_unused(&memo) {
                done.values += u64::from(self.evict(edge, &memo));
                candidates.push(edge);
            }
            discard(memo);
        }
        // While a mutation is under way inputs stay: it may have found one.
        let turn = self.turn.clone().try_lock_owned().ok();
        // What goes is dropped meanwhile, and a mutation in there would wait for this.
        let mark = turn
            .as_ref()
            .map(|_| Mark::enter(Doing::Mutation, EngineArc::as_ptr(self)));
        while let Some(edge) = candidates.pop() {
            let memo = self.store.memo(edge).filter(|memo| is_unused(memo));
            let Some(memo) = memo else { continue };
            if self.collect_node(edge, &memo, turn.as_ref(), &mut done) {
                // Without this reader, what it was made from may go too.
                candidates.extend(memo.reads());
            }
            discard(memo);
        }
        drop(mark);
        self.families.tidy(usize::MAX);
        done
    }
}

/// Whether one tick was before another. They go round.
fn before(tick: u32, other: u32) -> bool {
    (tick.wrapping_sub(other) as i32) < 0
}
