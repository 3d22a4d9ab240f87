//! Putting a memo in the place of another, or opening the interval of the one that is there.

use crate::bug::planted;
use crate::node::dirty::DirtyEdges;
use crate::node::edge::{Edge, ReverseEdge};
use crate::node::end::{End, Shared, Until};
use crate::node::memo::{Finding, Memo, Seen};
use crate::node::reason::Ran;
use crate::node::record::Record;
use crate::node::state::State;
use crate::node::waited::Waited;
use crate::revision::Revision;
use crate::runtime::engine::Engine;
use crate::runtime::guard::discard;
use crate::runtime::pin::Pinned;
use crate::sync::{Arc, Counted, Instant};
use crate::value::Value;

/// What goes out of use under a node's lock, to be dropped after it: values are user code.
#[derive(Default)]
pub(crate) struct Waste {
    pub(crate) _memo: Option<Counted<Memo>>,
    pub(crate) _value: Option<Value>,
    pub(crate) _record: Option<Box<Record>>,
    /// What was noted of the last run, where that has changed, and what its waits take now.
    pub(crate) ran: Option<Ran>,
    pub(crate) waited_bytes: usize,
    _pins: Vec<Arc<Pinned>>,
    /// Whether the value equals the one that was there.
    pub(crate) cut_off: bool,
    /// A timer to be set then.
    pub(crate) expiry: Option<(u32, Instant)>,
}

impl Engine {
    /// What is kept of a node's waits counts like the rest of it.
    pub(crate) fn recount_waits(&self, waste: &Waste) {
        let before = waste.ran.as_ref().and_then(Ran::waited);
        self.recount(before.map_or(0, Waited::heap_bytes), waste.waited_bytes);
    }

    /// Puts a memo in place, and keeps the old one for the revisions that still read it. Under the node's lock.
    pub(crate) fn replace(
        &self,
        edge: Edge,
        state: &mut State,
        waste: &mut Waste,
        memo: Memo,
    ) -> Counted<Memo> {
        if let Some(before) = state.memo() {
            memo.touch(before.taken_at());
        }
        let [memo, looked_at, locked] = Counted::several(memo);
        let node = self.store.node(edge.slot);
        if let Some(old) = node.put(state, [looked_at, locked]) {
            if old.value().is_some() && !planted("superseded-forgotten") {
                waste._pins = self.clock.covered(old.interval());
                for pin in &waste._pins {
                    pin.keep(edge, Seen::published(old.clone()));
                }
            }
            waste._memo = Some(old);
        }
        memo
    }

    /// Opens the interval of a memo that was found unchanged again, or puts one in its place that borrows the end it is `lent`,
    /// if the node still is as `is_unmoved` says, and subscribes a reader. Gives whether it was.
    pub(crate) fn reopen(
        &self,
        edge: Edge,
        memo: &Counted<Memo>,
        valid_from: Revision,
        lent: Option<Counted<Shared>>,
        reader: Option<ReverseEdge>,
        is_unmoved: impl FnOnce(&State) -> bool,
    ) -> bool {
        let is_another = valid_from != memo.interval().valid_from || memo.end.is_borrowed();
        // Not under the lock: it copies the edges.
        let another = is_another.then(|| {
            let until = lent.map_or(Until::At(Revision::NEVER), Until::Lent);
            renewed(memo, valid_from, until)
        });
        let mut waste = Waste::default();
        let mut state = self.store.node(edge.slot).state.lock();
        if !is_unmoved(&state) {
            return false;
        }
        state.set_dirty(DirtyEdges::default());
        match another {
            Some(another) => {
                let borrows = another.end.is_borrowed();
                drop(self.replace(edge, &mut state, &mut waste, another));
                state.set_listed(borrows);
            }
            None => memo.set_dirty_at(Revision::NEVER),
        }
        let full = reader.is_some_and(|reader| state.readers.add(reader));
        drop(state);
        discard(waste);
        if full {
            self.compact(edge);
        }
        true
    }
}

/// The same value and reads with another interval.
pub(crate) fn renewed(memo: &Memo, valid_from: Revision, end: impl Into<End>) -> Memo {
    let finding = memo
        .finding()
        .expect("what is validated has been found before");
    let finding = Finding {
        valid_from,
        ..finding.clone()
    };
    Memo::build(memo.bound.clone(), finding, memo.mark(), end)
}
