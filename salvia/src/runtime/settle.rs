//! Settling: what a finished update leaves at its node. Validation renews the memo, execution
//! publishes one; each in one critical section, which also takes the update's record away.
//!
//! Equality is user code, so it runs before the section, against the memo that was there; if
//! another has come meanwhile it runs again. A value that a pinned revision still needs is kept
//! with the pin when its memo is replaced.

use crate::bug::planted;
use crate::error::QueryError;
use crate::node::claim::Release;
use crate::node::edge::Edges;
use crate::node::interval::{Interval, joined};
use crate::node::memo::{Finding, Mark, Memo, Seen, Standing};
use crate::node::publish::{Current, Finished, Publish, publish};
use crate::node::record::Record;
use crate::node::state::State;
use crate::revision::Revision;
use crate::runtime::guard::{discard, guarded};
use crate::runtime::name::text;
use crate::runtime::replace::{Waste, renewed};
use crate::runtime::update::{Lead, Stale};
use crate::sync::Counted;
use crate::value::Value;

impl Lead {
    /// Nothing the memo was made from has changed: it is right at this revision too.
    // Not inlined: its part of the stack would stand under every nested update.
    #[inline(never)]
    pub(crate) fn renew(&self, stale: &Stale) -> Seen {
        let node = self.node();
        let engine = self.asker().engine();
        let mut waste = Waste::default();
        let mut state = node.state.lock();
        let record = state.take_record(self.claim());
        let unmoved = state.has(&stale.memo) && stale.memo.interval().dirty_at == stale.dirty_at;
        let mut record = record.expect("a record stays until its update settles");
        let past = Interval {
            dirty_at: stale.dirty_at,
            ..stale.memo.interval()
        };
        let valid_from = joined(past, record.valid_from);
        // It expired while it was checked: it holds here, and runs again next time.
        let until = if stale.memo.mark().is_volatile() {
            self.revision().next()
        } else {
            Revision::NEVER
        };
        let pending = record.pending.min(until);
        if !unmoved {
            // Somebody was faster. What was found holds at this revision all the same.
            let until = self.revision().next();
            let seen = Seen::published(Counted::new(renewed(&stale.memo, valid_from, until)));
            // Without a value it is of no use to who asks later, and in the way of one that is.
            if seen.memo.value().is_some() {
                self.asker().pin().keep(self.edge, seen.clone());
            }
            drop(state);
            discard(record);
            return seen;
        }
        let memo = if valid_from == stale.memo.interval().valid_from {
            stale.memo.set_dirty_at(if planted("renewal-deaf") {
                Revision::NEVER
            } else {
                pending
            });
            stale.memo.clone()
        } else {
            let later = renewed(&stale.memo, valid_from, pending);
            engine.replace(self.edge, &mut state, &mut waste, later)
        };
        state.set_dirty(record.dirty.clone());
        if let Some(waited) = record.waited() {
            waste.waited_bytes = waited.heap_bytes();
            waste.ran = state.checked(waited);
        }
        waste._record = Some(record);
        drop(state);
        engine.recount_waits(&waste);
        discard(waste);
        Seen::published(memo)
    }

    /// The body has given a value.
    // Not inlined: its part of the stack would stand under every nested update.
    #[inline(never)]
    pub(crate) fn publish(
        &self,
        value: Value,
        standing: Standing,
        before: Option<Counted<Memo>>,
    ) -> Result<Seen, QueryError> {
        let node = self.node();
        let mut waste = Waste::default();
        let mut compared = self.compare(before, &value)?;
        loop {
            let mut state = node.state.lock();
            let current = state.memo().expect("a node under a claim has a memo");
            let Some(equal) = is_equal(current, compared.as_ref()) else {
                let current = current.clone();
                let locked = planted("lock-over-eq").then_some(state);
                let equal = self.equal(&current, &value)?;
                drop(locked);
                discard(compared.replace((equal, current)));
                continue;
            };
            // What was compared is most often what is there, and counted already.
            let is_compared = |(_, stale): &mut (bool, Counted<Memo>)| {
                Counted::ptr_eq(stale, current) || planted("stale-comparison")
            };
            let current = match compared.take_if(is_compared) {
                Some((_, current)) => current,
                None => current.clone(),
            };
            let record = state
                .take_record(self.claim())
                .expect("a record stays until its update settles");
            let done = (value, equal, standing);
            let engine = self.asker().engine();
            // What is counted is counted after the lock: a user's function may say how much it is.
            let had_run = current.finding().is_some();
            let old = (had_run && engine.counts_bytes()).then(|| current.clone());
            let seen = self.settle(&mut state, &mut waste, record, current, done);
            drop(state);
            // Before room is made, for which this node may have to go.
            engine.recount_waits(&waste);
            if seen.standing == Standing::Published {
                let before = old.as_ref().map_or(0, |old| engine.counted(old));
                engine.keep(self.edge, &seen.memo, before);
            }
            discard(old);
            discard(compared);
            self.cut_off(waste.cut_off);
            let expiry = waste.expiry.take();
            self.clear(waste, &seen);
            if let Some((timer, time)) = expiry {
                self.asker().engine().expire_at(self.edge, timer, time);
            }
            return Ok(seen);
        }
    }

    /// Compares with the memo that was in place when the update began, if that is known: it most often still is.
    fn compare(
        &self,
        before: Option<Counted<Memo>>,
        value: &Value,
    ) -> Result<Option<(bool, Counted<Memo>)>, QueryError> {
        let Some(before) = before.filter(|_| !planted("lock-over-eq")) else {
            return Ok(None);
        };
        match self.equal(&before, value) {
            Ok(equal) => Ok(Some((equal, before))),
            Err(error) => {
                discard(before);
                Err(error)
            }
        }
    }

    /// Applies the publish rule, under the node's lock.
    fn settle(
        &self,
        state: &mut State,
        waste: &mut Waste,
        mut record: Box<Record>,
        current: Counted<Memo>,
        (value, equal, standing): (Value, bool, Standing),
    ) -> Seen {
        let standing = standing.max(record.standing);
        let done = Finished {
            revision: self.revision(),
            private: standing != Standing::Published && !planted("private-published"),
            valid_from: record.valid_from,
        };
        let there = current.finding().map(|_| Current {
            interval: current.interval(),
            equal,
            empty: current.value().is_none(),
        });
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
            Publish::Refill => {
                waste._record = Some(record);
                return self.refill(state, waste, &current, value);
            }
            Publish::Backdate { valid_from } => {
                waste.cut_off = true;
                waste._value = Some(value);
                (current.value().cloned(), current.changed_at(), valid_from)
            }
            Publish::Replace { since } => (Some(value), since, since),
        };
        let ran = state.ran(self.revision(), self.reason, waste.cut_off, record.waited());
        (waste.ran, waste.waited_bytes) = (ran, state.waited_bytes());
        state.set_dirty(std::mem::take(&mut record.dirty));
        let dirty_at = self.dirty_at(&record);
        let mark = self.mark(&record, waste);
        let finding = Finding {
            value,
            changed_at,
            valid_from,
            edges: record.finish(),
        };
        // It may have the last of the memo that it read again.
        waste._record = Some(record);
        // The first finding needs no memo of its own.
        let Err(finding) = current.fill(finding, mark, dirty_at) else {
            return Seen::published(current);
        };
        let memo = Memo::build(current.bound.clone(), finding, mark, dirty_at);
        Seen::published(self.asker().engine().replace(self.edge, state, waste, memo))
    }

    /// Puts back a value that was evicted. When it changes and from what it was made is known.
    fn refill(&self, state: &mut State, waste: &mut Waste, empty: &Memo, value: Value) -> Seen {
        let finding = empty.finding().expect("what was evicted was found before");
        let finding = Finding {
            value: Some(value),
            ..finding.clone()
        };
        let dirty_at = empty.interval().dirty_at;
        let memo = Memo::build(empty.bound.clone(), finding, empty.mark(), dirty_at);
        Seen::published(self.asker().engine().replace(self.edge, state, waste, memo))
    }

    /// When what an execution read is known to change, or to need another look.
    fn dirty_at(&self, record: &Record) -> Revision {
        if planted("publication-deaf") {
            return Revision::NEVER;
        }
        if record.volatile {
            return record.pending.min(self.revision().next());
        }
        record.pending
    }

    /// What the body said of its value; a timer is left to be set after the lock.
    fn mark(&self, record: &Record, waste: &mut Waste) -> Mark {
        let timer = record.expires_at.map(|time| {
            let timer = self.asker().engine().expiries.number();
            waste.expiry = Some((timer, time));
            timer
        });
        Mark::new(
            record.volatile && !planted("untracked-mark-lost"),
            timer.unwrap_or(0),
        )
    }

    /// Keeps a result for this snapshot alone, so that it is computed once for it.
    fn settle_private(&self, current: &Memo, value: Value, standing: Standing) -> Seen {
        let revision = self.revision();
        let finding = Finding {
            value: Some(value),
            changed_at: revision,
            valid_from: revision,
            edges: Edges::default(),
        };
        let memo = Memo::build(current.bound.clone(), finding, Mark::PLAIN, revision.next());
        let seen = Seen {
            memo: Counted::new(memo),
            standing,
        };
        if standing == Standing::Private && !planted("private-forgotten") {
            self.asker().pin().keep(self.edge, seen.clone());
        } else if let Some(request) = self.asker().request() {
            request.remember(self.edge, &Release::Ready(seen.clone()));
        }
        seen
    }

    /// Drops what went out of use, and stops the timer of a value that did.
    fn clear(&self, waste: Waste, seen: &Seen) {
        let timer = waste._memo.as_ref().map_or(0, |memo| memo.mark().timer());
        discard(waste);
        // A value that was put back goes on to use it.
        if timer != 0 && timer != seen.memo.mark().timer() {
            self.asker().engine().expiries.cancel(timer);
        }
    }

    /// Early cut-off's question. User code; a panic there is a panic of the run.
    fn equal(&self, current: &Memo, value: &Value) -> Result<bool, QueryError> {
        let Some(old) = current.value() else {
            return Ok(false);
        };
        let same = current.bound.kind().same;
        guarded(|| same(old, value))
            .map_err(|payload| QueryError::panicked(text(&self.claim().bound), payload))
    }
}

/// Whether the new value equals the one that is there, if that is known: there is none, or it is
/// the one that was compared.
fn is_equal(current: &Counted<Memo>, compared: Option<&(bool, Counted<Memo>)>) -> Option<bool> {
    if current.value().is_none() {
        return Some(planted("empty-is-equal"));
    }
    let (equal, memo) = compared?;
    (Counted::ptr_eq(memo, current) || planted("stale-comparison")).then_some(*equal)
}
