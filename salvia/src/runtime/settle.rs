//! Settling: what a finished update leaves at its node. Validation renews the memo, execution
//! publishes one; each in one critical section, which also takes the update's record away.
//!
//! Equality is user code, so it runs before the section, against the memo that was there; if
//! another has come meanwhile it runs again. A value that a pinned revision still needs is kept
//! with the pin when its memo is replaced.

use crate::error::QueryError;
use crate::node::interval::{Interval, joined};
use crate::node::memo::{Memo, Seen, Standing};
use crate::node::publish::{Current, Finished, Publish, publish};
use crate::node::record::Record;
use crate::node::state::State;
use crate::revision::Revision;
use crate::runtime::cycle::name;
use crate::runtime::execute::guarded;
use crate::runtime::pin::Pinned;
use crate::runtime::update::{Lead, Stale};
use crate::sync::Arc;
use crate::value::Value;

/// What goes out of use under a node's lock, to be dropped after it: values are user code.
#[derive(Default)]
struct Waste {
    _memo: Option<Arc<Memo>>,
    _value: Option<Value>,
    _record: Option<Record>,
    _pins: Vec<Arc<Pinned>>,
}

impl Lead {
    /// Nothing the memo was made from has changed: it is right at this revision too.
    pub(crate) fn renew(&self, stale: &Stale) -> Seen {
        let node = self.node();
        let mut waste = Waste::default();
        let mut state = node.state.lock();
        let record = state.take_record(self.claim());
        let unmoved = node.memo.load().as_ref().is_some_and(|memo| {
            Arc::ptr_eq(memo, &stale.memo) && memo.interval().dirty_at == stale.dirty_at
        });
        let Some(record) = record.filter(|_| unmoved) else {
            drop(state);
            // Somebody was faster. What was found holds at this revision all the same.
            return Seen::published(stale.memo.clone());
        };
        let valid_from = joined(stale.memo.interval(), record.valid_from);
        let memo = if valid_from == stale.memo.interval().valid_from {
            stale.memo.set_dirty_at(record.pending);
            stale.memo.clone()
        } else {
            self.replace(&mut waste, renewed(&stale.memo, valid_from, record.pending))
        };
        state.dirty = record.dirty.clone();
        waste._record = Some(record);
        drop(state);
        drop(waste);
        Seen::published(memo)
    }

    /// The body has given a value.
    pub(crate) fn publish(&self, value: Value, poisoned: bool) -> Result<Seen, QueryError> {
        let node = self.node();
        let mut waste = Waste::default();
        loop {
            let current = node.memo.get().expect("a node under a claim has a memo");
            let equal = self.equal(&current, &value)?;
            let mut state = node.state.lock();
            let unmoved = node
                .memo
                .load()
                .as_ref()
                .is_some_and(|memo| Arc::ptr_eq(memo, &current));
            if !unmoved {
                continue;
            }
            let record = state
                .take_record(self.claim())
                .expect("a record stays until its update settles");
            let seen = self.settle(
                &mut state,
                &mut waste,
                record,
                current,
                (value, equal, poisoned),
            );
            drop(state);
            drop(waste);
            return Ok(seen);
        }
    }

    /// Applies the publish rule, under the node's lock.
    fn settle(
        &self,
        state: &mut State,
        waste: &mut Waste,
        mut record: Record,
        current: Arc<Memo>,
        (value, equal, poisoned): (Value, bool, bool),
    ) -> Seen {
        let standing = if poisoned {
            Standing::Passing
        } else {
            record.standing
        };
        let done = Finished {
            revision: self.revision(),
            private: standing != Standing::Published,
            valid_from: record.valid_from,
        };
        let there = current.value.is_some().then(|| Current {
            interval: current.interval(),
            equal,
        });
        let pending = record.pending;
        let (value, changed_at, valid_from) = match publish(done, there) {
            Publish::Private => {
                waste._record = Some(record);
                return self.settle_private(&current, value, standing.max(Standing::Private));
            }
            Publish::Covered => {
                waste._record = Some(record);
                waste._value = Some(value);
                return Seen::published(current);
            }
            Publish::Backdate { valid_from } => {
                waste._value = Some(value);
                (current.value.clone(), current.changed_at, valid_from)
            }
            Publish::Replace { since } => (Some(value), since, since),
        };
        state.dirty = std::mem::take(&mut record.dirty);
        let edges = record.finish();
        let interval = Interval {
            valid_from,
            dirty_at: pending,
        };
        let memo = Memo::build(current.bound.clone(), value, changed_at, interval, edges);
        Seen::published(self.replace(waste, memo))
    }

    /// Keeps a result for this snapshot alone, so that it is computed once for it.
    fn settle_private(&self, current: &Memo, value: Value, standing: Standing) -> Seen {
        let revision = self.revision();
        let interval = Interval {
            valid_from: revision,
            dirty_at: revision.next(),
        };
        let bound = current.bound.clone();
        let memo = Memo::build(bound, Some(value), revision, interval, Default::default());
        let seen = Seen {
            memo: Arc::new(memo),
            standing,
        };
        if standing == Standing::Private {
            self.asker.pin.keep(self.edge, seen.clone());
        }
        seen
    }

    /// Puts a memo in place, and keeps the old one for the revisions that still read it.
    fn replace(&self, waste: &mut Waste, memo: Memo) -> Arc<Memo> {
        let memo = Arc::new(memo);
        if let Some(old) = self.node().memo.replace(memo.clone()) {
            if old.value.is_some() {
                waste._pins = self.asker.engine.clock.covered(old.interval());
                for pin in &waste._pins {
                    pin.keep(self.edge, Seen::published(old.clone()));
                }
            }
            waste._memo = Some(old);
        }
        memo
    }

    /// Early cut-off's question. User code; a panic there is a panic of the run.
    fn equal(&self, current: &Memo, value: &Value) -> Result<bool, QueryError> {
        let Some(old) = &current.value else {
            return Ok(false);
        };
        let same = current.bound.kind.same;
        guarded(|| same(old, value))
            .map_err(|payload| QueryError::panicked(name(self.claim()), payload))
    }
}

/// The same value and reads with a later start.
fn renewed(memo: &Memo, valid_from: Revision, dirty_at: Revision) -> Memo {
    let interval = Interval {
        valid_from,
        dirty_at,
    };
    Memo::build(
        memo.bound.clone(),
        memo.value.clone(),
        memo.changed_at,
        interval,
        memo.edges.clone(),
    )
}
