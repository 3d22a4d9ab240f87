//! What a frame writes down of a read, and how it hears of the next change of what was read.
//!
//! Most often its node stands among the readers of what was read. There are two reads for which that need not be seen to: one
//! that was made at the same place the last time, and is subscribed to since; and the only read of a chain's link, whose value
//! is right as long as that which was read is (`Loan`).

use crate::bug::planted;
use crate::node::claim::Claim;
use crate::node::edge::{Edge, ReverseEdge};
use crate::node::end::Shared;
use crate::node::memo::{Memo, Standing, Taken};
use crate::node::record::{Loan, Record};
use crate::revision::Revision;
use crate::runtime::frame::Frame;
use crate::runtime::guard::wake;
use crate::sync::{Counted, Thin};

/// What a first read has to lend to who reads nothing else.
enum Lent {
    /// Not yet anything: the value is a chain's lowest.
    Nothing,
    /// The end of its own interval.
    Owned(Counted<Shared>),
    /// What it has borrowed itself.
    Borrowed(Counted<Shared>),
}

/// How an update hears of changes of what it has just read.
enum Hears {
    /// Its node is told: the subscription of the memo before serves.
    Already,
    /// The end that it was lent says it, and this so far.
    FromEnd { next: Revision, is_listed: bool },
    /// It has to subscribe.
    NotYet,
    /// Also to its first read, which was put off.
    NorOfFirst,
}

/// Takes up what a first read has lent. Of somebody who `is_told` already.
fn first(record: &mut Record, is_told: bool, is_listed: bool, lent: Lent) -> Hears {
    record.is_link = true;
    match lent {
        Lent::Borrowed(end) if !is_told => {
            let next = end.at();
            record.loan = Loan::Instead(end);
            // What is read next is not to be counted beside this.
            record.close();
            return Hears::FromEnd { next, is_listed };
        }
        Lent::Borrowed(end) | Lent::Owned(end) => record.loan = Loan::Beside(end),
        Lent::Nothing => {}
    }
    hears(is_told)
}

fn hears(already: bool) -> Hears {
    if already {
        Hears::Already
    } else {
        Hears::NotYet
    }
}

impl Frame {
    /// Records that the frame takes the value of a memo, and sees to it that its next change is heard of.
    #[inline]
    pub(crate) fn take(&self, edge: Edge, after: u32, memo: &Memo, taken: Taken) {
        let Some(claim) = &self.asker.claim else {
            return;
        };
        if !self.follows(claim, edge, after, taken) {
            self.record(claim, edge, after, memo, taken);
        }
    }

    /// Whether this is what was read at this place the last time, and still subscribed to. Then it is recorded, without a
    /// lock. Who changes the node comes by here, and closed the count if that was before.
    #[inline]
    fn follows(&self, claim: &Thin<Claim>, edge: Edge, after: u32, taken: Taken) -> bool {
        (taken.standing == Standing::Published || planted("passing-read-followed"))
            && self.habit.is_kept(after, edge)
            && claim.again.follow(after, taken.valid_from)
    }

    #[inline(never)]
    fn record(&self, claim: &Thin<Claim>, edge: Edge, after: u32, memo: &Memo, taken: Taken) {
        let lent = if claim.again.count() == 0 {
            self.lent(claim, edge, memo, taken)
        } else {
            None
        };
        let Some((number, hears)) = self.number(claim, edge, after, taken, lent) else {
            return;
        };
        let next = match hears {
            // Somebody may wait for what it comes to who would not if that had been known.
            Hears::FromEnd { .. } if planted("closed-end-unheard") => return,
            Hears::FromEnd { next, is_listed } => {
                // Or it could be given up meanwhile.
                let is_there = is_listed
                    || planted("running-link-unlisted")
                    || self.asker.engine().list(edge, self.slot);
                next.min(if is_there {
                    Revision::NEVER
                } else {
                    self.asker.revision().next()
                })
            }
            // Who changes the node from now on comes by here.
            Hears::Already => memo.next_change(self.asker.revision()),
            Hears::NotYet => self.subscribe(edge, number),
            Hears::NorOfFirst => {
                self.subscribe_first(claim);
                self.subscribe(edge, number)
            }
        };
        if next != Revision::NEVER {
            self.asker.engine().hear(self.slot, claim, number, next);
        }
    }

    /// What the value that is read first has to lend: `None` if it is not one that lends.
    #[inline(never)]
    fn lent(&self, claim: &Thin<Claim>, edge: Edge, memo: &Memo, taken: Taken) -> Option<Lent> {
        let is_link = taken.standing == Standing::Published
            && memo.bound.kind().is_plain()
            && claim.bound.kind().is_plain();
        if !is_link {
            return None;
        }
        if let Some(end) = memo.end.lender() {
            return Some(Lent::Borrowed(end));
        }
        if !memo.is_lender() {
            return Some(Lent::Nothing);
        }
        let state = self.asker.engine().store.node(edge.slot).state.lock();
        let there = state.memo();
        let there = there.filter(|there| std::ptr::eq::<Memo>(&***there, memo));
        let end = there.and_then(|memo| memo.lend(edge));
        Some(end.map_or(Lent::Nothing, Lent::Owned))
    }

    /// Numbers the read where propagation can see it, and says how its next change is heard of.
    /// Both in one critical section: from then on a change of the old
    /// subscription is heard either here or in the dirty edges that were looked at.
    fn number(
        &self,
        claim: &Thin<Claim>,
        edge: Edge,
        after: u32,
        taken: Taken,
        lent: Option<Lent>,
    ) -> Option<(u32, Hears)> {
        let node = self.asker.engine().store.node(self.slot);
        let mut state = node.state.lock();
        let Some((record, old, dirty)) = state.record_beside(claim) else {
            drop(state);
            if planted("finished-frame-accepted") {
                return None;
            }
            panic!(
                "salvia: a query context was used after the execution of `{}` had ended",
                claim.bound.kind().name
            );
        };
        let number = record.read(edge, after, taken, old)?;
        let is_told = old.is_some_and(|old| {
            old.read(number) == Some(edge)
                && (!dirty.contains(number) || planted("dirty-subscription-kept"))
                && old.interval().valid_from <= self.asker.revision()
                // Or it was not told, but that which lent it its end.
                && !old.end.is_borrowed()
        });
        let is_listed = dirty.beside().is_listed() && old.and_then(|old| old.read(0)) == Some(edge);
        let hears = match lent {
            Some(lent) if number == 0 => first(record, is_told, is_listed, lent),
            _ if record.is_unsubscribed() => Hears::NorOfFirst,
            _ => hears(is_told),
        };
        Some((number, hears))
    }

    fn subscribe(&self, edge: Edge, number: u32) -> Revision {
        let reader = ReverseEdge {
            reader: self.slot,
            number,
        };
        let engine = self.asker.engine();
        engine.subscribe(edge, reader, self.asker.revision())
    }

    /// Subscribes to what was read first, if that was put off: what is made is not the value of a link.
    pub(crate) fn subscribe_first(&self, claim: &Thin<Claim>) {
        let node = self.asker.engine().store.node(self.slot);
        let first = {
            let mut state = node.state.lock();
            let record = state.record(claim);
            let record = record.filter(|record| record.is_unsubscribed());
            record.and_then(|record| record.edge(0))
        };
        let Some(first) = first else { return };
        let next = if planted("first-read-unheard") {
            Revision::NEVER
        } else {
            self.subscribe(first, 0)
        };
        let mut state = node.state.lock();
        let Some(record) = state.record(claim) else {
            return;
        };
        record.loan = Loan::None;
        let earlier = next != Revision::NEVER && record.hear(0, next);
        drop(state);
        if earlier {
            wake(claim.waiters());
        }
    }
}
