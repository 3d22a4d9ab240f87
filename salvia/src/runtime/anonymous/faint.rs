//! Ids whose members have neither nodes nor inputs any more, for as long as somebody has them.
//!
//! Such an id is nothing but known: if its node is made again it is made with this very id, so that whoever has it hears
//! what becomes of the node, and if the node is left out without having been made again, they hear that. Nothing here
//! keeps an id; what is gone is tidied away bit by bit.

use std::collections::VecDeque;

use crate::bug::planted;
use crate::runtime::anonymous::family::Place;
use crate::scope::{CallId, FaintId};
use crate::sync::HashMap;

/// So many places are looked at for each id that comes.
const LOOKS: usize = 2;

#[derive(Default)]
pub(super) struct Faint {
    /// By the hash of the parent's id, then by that of their own.
    families: HashMap<u64, HashMap<u64, Vec<FaintId>>>,
    /// All places that are listed, each once, in the order in which they are looked at.
    places: VecDeque<Place>,
}

impl Faint {
    pub(super) fn add(&mut self, place: Place, id: &CallId) {
        let Some(id) = id.faint().filter(|_| !planted("collected-unknown")) else {
            return;
        };
        self.tidy(LOOKS);
        let family = self.families.entry(place.family).or_default();
        family
            .entry(place.member)
            .or_insert_with(|| {
                self.places.push_back(place);
                Vec::new()
            })
            .push(id);
    }

    /// The ids at a place. To be dropped outside the lock.
    pub(super) fn at(&self, place: Place) -> impl Iterator<Item = CallId> {
        let family = self.families.get(&place.family);
        let ids = family.and_then(|family| family.get(&place.member));
        ids.into_iter().flatten().filter_map(FaintId::find)
    }

    /// The ids of a family whose nodes were not dropped. To be dropped outside the lock, with the others.
    pub(super) fn not_dropped(&self, family: u64) -> (Vec<CallId>, Vec<CallId>) {
        let family = self.families.get(&family).into_iter();
        let ids = family.flat_map(HashMap::values).flatten();
        ids.filter_map(FaintId::find)
            .partition(|id| !id.is_dropped())
    }

    /// Takes an id off the list. True if it was there.
    pub(super) fn take(&mut self, place: Place, id: &CallId) -> bool {
        let family = self.families.get_mut(&place.family);
        let Some(ids) = family.and_then(|family| family.get_mut(&place.member)) else {
            return false;
        };
        let before = ids.len();
        ids.retain(|each| !each.is(id));
        ids.len() < before
    }

    /// Looks at some places, and takes off what is gone.
    pub(super) fn tidy(&mut self, looks: usize) {
        for _ in 0..looks.min(self.places.len()) {
            let Some(place) = self.places.pop_front() else {
                return;
            };
            let Some(family) = self.families.get_mut(&place.family) else {
                continue;
            };
            let ids = family.entry(place.member).or_default();
            ids.retain(|id| !id.is_gone());
            if !ids.is_empty() {
                self.places.push_back(place);
                continue;
            }
            family.remove(&place.member);
            if family.is_empty() {
                self.families.remove(&place.family);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::{call, call_in_slot};

    fn place(id: &CallId) -> Place {
        Place {
            family: 1,
            member: id.path_hash(),
        }
    }

    #[test]
    fn an_id_is_known_as_long_as_somebody_has_it() {
        let mut faint = Faint::default();
        let (one, other) = (call(CallId::current), call(CallId::current));
        faint.add(place(&one), &one);
        faint.add(place(&other), &other);
        let gone = place(&other);
        drop(other);
        assert!(faint.at(place(&one)).eq([one.clone()]));
        assert_eq!(faint.at(gone).count(), 0);
        assert!(faint.not_dropped(1).0.iter().eq([&one]));
        assert!(faint.take(place(&one), &one) && !faint.take(place(&one), &one));
    }

    #[test]
    fn ids_that_are_gone_are_tidied_away_while_others_come() {
        let mut faint = Faint::default();
        let kept = call(CallId::current);
        faint.add(place(&kept), &kept);
        for slot in 0..100_u32 {
            let id = call_in_slot(slot, CallId::current);
            faint.add(place(&id), &id);
        }
        assert!(faint.places.len() <= 3, "{}", faint.places.len());
        faint.tidy(usize::MAX);
        assert_eq!(faint.places.len(), 1);
        assert!(faint.take(place(&kept), &kept));
        faint.tidy(usize::MAX);
        assert!(faint.places.is_empty() && faint.families.is_empty());
    }
}
