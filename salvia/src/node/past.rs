//! What a node keeps of its past: a query its last run, an input the pairs before the newest one.
//!
//! No input is ever run and no query has pairs, so both have the same few bytes.

use crate::node::memo::Memo;
use crate::node::reason::Ran;
use crate::revision::Revision;
use crate::sync::Counted;

pub(crate) enum Past {
    Run(Ran),
    /// The pair before the newest, which a pin may still read.
    Pair(Counted<Memo>),
    Pairs(Box<Pairs>),
}

/// Several of them, oldest first.
pub(crate) struct Pairs(Vec<Counted<Memo>>);

impl Default for Past {
    fn default() -> Self {
        Past::Run(Ran::default())
    }
}

impl Past {
    /// Notes a run, and gives what was noted before.
    pub(crate) fn replace_run(&mut self, ran: Ran) -> Option<Ran> {
        match std::mem::replace(self, Past::Run(ran)) {
            Past::Run(before) => Some(before),
            Past::Pair(_) | Past::Pairs(_) => None,
        }
    }

    pub(crate) fn run(&self) -> Option<&Ran> {
        match self {
            Past::Run(ran) => Some(ran),
            Past::Pair(_) | Past::Pairs(_) => None,
        }
    }

    pub(crate) fn has_pairs(&self) -> bool {
        self.run().is_none()
    }

    /// Keeps the pair that a newer one takes the place of.
    pub(crate) fn keep(&mut self, pair: Counted<Memo>) {
        *self = match std::mem::take(self) {
            Past::Run(_) => Past::Pair(pair),
            Past::Pair(before) => Past::Pairs(Box::new(Pairs(vec![before, pair]))),
            Past::Pairs(mut pairs) => {
                pairs.0.push(pair);
                Past::Pairs(pairs)
            }
        };
    }

    /// The pair that was in force at `revision`.
    pub(crate) fn pair_at(&self, revision: Revision) -> Option<&Counted<Memo>> {
        match self {
            Past::Run(_) => None,
            Past::Pair(pair) => pair.covers(revision).then_some(pair),
            Past::Pairs(pairs) => pairs.place_at(revision).map(|place| &pairs.0[place]),
        }
    }

    /// Takes that pair out.
    pub(crate) fn take_pair(&mut self, revision: Revision) -> Option<Counted<Memo>> {
        self.pair_at(revision)?;
        match std::mem::take(self) {
            Past::Run(_) => None,
            Past::Pair(pair) => Some(pair),
            Past::Pairs(mut pairs) => {
                let taken = pairs.place_at(revision).map(|place| pairs.0.remove(place));
                *self = match pairs.0.pop() {
                    Some(last) if pairs.0.is_empty() => Past::Pair(last),
                    Some(last) => {
                        pairs.0.push(last);
                        Past::Pairs(pairs)
                    }
                    None => Past::default(),
                };
                taken
            }
        }
    }
}

impl Pairs {
    fn place_at(&self, revision: Revision) -> Option<usize> {
        let is_before = |pair: &Counted<Memo>| pair.interval().valid_from <= revision;
        let place = self.0.partition_point(is_before).checked_sub(1)?;
        self.0[place].covers(revision).then_some(place)
    }
}

#[cfg(test)]
mod tests {
    use std::any::TypeId;

    use super::*;
    use crate::node::bound::{Bound, Kind};
    use crate::value::Value;

    const R: fn(u64) -> Revision = Revision::from_raw;

    fn pair(since: u64) -> Counted<Memo> {
        let bound = Bound::new(Kind::bare(TypeId::of::<()>()), 0, ());
        let pair = Memo::input(bound, Value::new(since), R(since));
        pair.set_dirty_at(R(since + 1));
        Counted::new(pair)
    }

    #[test]
    fn a_pair_is_found_until_it_is_taken_out() {
        let mut past = Past::default();
        for since in 0..4 {
            past.keep(pair(since));
        }
        for at in [2, 3, 0, 1] {
            let pair = past.pair_at(R(at)).cloned();
            assert_eq!(pair.map(|pair| pair.changed_at()), Some(R(at)));
            assert!(past.has_pairs());
            let taken = past.take_pair(R(at));
            assert_eq!(taken.map(|pair| pair.changed_at()), Some(R(at)));
            assert!(past.pair_at(R(at)).is_none() && past.take_pair(R(at)).is_none());
        }
        assert!(!past.has_pairs());
    }

    #[test]
    fn both_have_the_same_bytes() {
        assert_eq!(size_of::<Past>(), size_of::<Ran>());
    }
}
