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
use crate::node::end::Until;
use crate::node::interval::{Interval, joined};
use crate::node::memo::{Finding, Mark, Memo, Seen, Standing};
use crate::node::publish::{Current, Finished, Publish, publish};
use crate::node::record::{Loan, Record};
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
        let borrows = stale.memo.end.is_borrowed();
        let is_open = borrows && state.has(&stale.memo) && stale.memo.covers(self.revision());
        if !unmoved && !is_open {
            let seen = self.overtaken(stale, valid_from);
            drop(state);
            discard(record);
            return seen;
        }
        let is_same = valid_from == stale.memo.interval().valid_from;
        let memo = if is_open {
            // Who lends it its end has opened that again.
            stale.memo.clone()
        } else if is_same && !borrows {
            stale.memo.set_dirty_at(if planted("renewal-deaf") {
                Revision::NEVER
            } else {
                pending
            });
            stale.memo.clone()
        } else {
            // It was subscribed to what it read, so its end is its own now.
            let another = renewed(&stale.memo, valid_from, pending);
            engine.replace(self.edge, &mut state, &mut waste, another)
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

    /// Somebody was faster. What was found holds at this revision all the same.
    fn overtaken(&self, stale: &Stale, valid_from: Revision) -> Seen {
        let until = self.revision().next();
        let seen = Seen::published(Counted::new(renewed(&stale.memo, valid_from, until)));
        // Without a value it is of no use to who asks later, and in the way of one that is.
        if seen.memo.value().is_some() {
            self.asker().pin().keep(self.edge, seen.clone());
        }
        seen
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
            let record = state.record(self.claim());
            if record.is_some_and(|record| record.has_to_subscribe(equal)) {
                drop(state);
                self.frame.subscribe_first(self.claim());
                continue;
            }
            let current = state.memo().expect("a node under a claim has a memo");
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
            self.clear(waste, &seen);
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
        record: Box<Record>,
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
        let found = (value, changed_at, valid_from);
        self.fill(state, waste, record, current, found)
    }

    /// Puts a value that was found in place, under the node's lock.
    fn fill(
        &self,
        state: &mut State,
        waste: &mut Waste,
        mut record: Box<Record>,
        current: Counted<Memo>,
        (value, changed_at, valid_from): (Option<Value>, Revision, Revision),
    ) -> Seen {
        let ran = state.ran(self.revision(), self.reason, waste.cut_off, record.waited());
        (waste.ran, waste.waited_bytes) = (ran, state.waited_bytes());
        let edges = record.finish();
        let mark = self.mark(&record, &edges, waste);
        let (until, is_listed) = self.until(&mut record, &edges, mark, waste.cut_off);
        state.set_dirty(std::mem::take(&mut record.dirty));
        let finding = Finding {
            value,
            changed_at,
            valid_from,
            edges,
        };
        // It may have the last of the memo that it read again.
        waste._record = Some(record);
        // The first finding needs no memo of its own.
        let Err((finding, until)) = current.fill(finding, mark, until) else {
            state.set_listed(is_listed);
            return Seen::published(current);
        };
        // The same value since the same time: who borrows the end of its interval goes on with it.
        let goes_on = waste.cut_off
            && mark.is_plain()
            && (current.interval().valid_from == valid_from || planted("gap-lent"))
            && current.end.owned().is_some()
            && !planted("end-not-handed-on");
        let (end, opens) = match until {
            Until::At(dirty_at) if goes_on => {
                if planted("opened-before-kept") {
                    current.set_dirty_at(dirty_at);
                }
                (current.end.handed_on(), Some(dirty_at))
            }
            until => (until.into(), None),
        };
        let memo = Memo::build(current.bound.clone(), finding, mark, end);
        let memo = self.asker().engine().replace(self.edge, state, waste, memo);
        if is_listed {
            state.set_listed(true);
        }
        // After what was there has been kept for who reads an older revision.
        if let Some(dirty_at) = opens {
            memo.set_dirty_at(dirty_at);
        }
        Seen::published(memo)
    }

    /// When what an execution read is known to change, or to need another look: of one that has read one value and nothing else,
    /// and has come to another value than before, when that value's end says so. Says too whether it stands for good among the
    /// readers of what it read.
    fn until(
        &self,
        record: &mut Record,
        edges: &Edges,
        mark: Mark,
        cut_off: bool,
    ) -> (Until, bool) {
        let borrows =
            !cut_off && edges.len() == 1 && mark.is_plain() && record.pending == Revision::NEVER;
        match std::mem::take(&mut record.loan) {
            Loan::Beside(end) if borrows => return (Until::Lent(end), false),
            Loan::Instead(end) if borrows => return (Until::Lent(end), true),
            Loan::Instead(_) => {
                // Whoever is about to subscribe comes too late.
                record.hear(0, self.revision().next());
            }
            Loan::Beside(_) | Loan::None => {}
        }
        (Until::At(self.dirty_at(record)), false)
    }

    /// Puts back a value that was evicted. When it changes and from what it was made is known.
    fn refill(&self, state: &mut State, waste: &mut Waste, empty: &Memo, value: Value) -> Seen {
        let finding = empty.finding().expect("what was evicted was found before");
        let finding = Finding {
            value: Some(value),
            ..finding.clone()
        };
        let end = empty.end.handed_on();
        let memo = Memo::build(empty.bound.clone(), finding, empty.mark(), end);
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
    fn mark(&self, record: &Record, edges: &Edges, waste: &mut Waste) -> Mark {
        let timer = record.expires_at.map(|time| {
            let timer = self.asker().engine().expiries.number();
            waste.expiry = Some((timer, time));
            timer
        });
        let mark = Mark::new(
            record.volatile && !planted("untracked-mark-lost"),
            timer.unwrap_or(0),
        );
        if record.is_link && edges.len() == 1 {
            mark.link()
        } else {
            mark
        }
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

    /// Drops what went out of use, stops the timer of a value that did, and sets that of a new one.
    fn clear(&self, mut waste: Waste, seen: &Seen) {
        let expiry = waste.expiry.take();
        let timer = waste._memo.as_ref().map_or(0, |memo| memo.mark().timer());
        discard(waste);
        // A value that was put back goes on to use it.
        if timer != 0 && timer != seen.memo.mark().timer() {
            self.asker().engine().expiries.cancel(timer);
        }
        if let Some((timer, time)) = expiry {
            self.asker().engine().expire_at(self.edge, timer, time);
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
