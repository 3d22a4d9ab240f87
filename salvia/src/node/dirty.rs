//! Dirtiness: which edges of a node need a check, and what a change below does to the node.

use crate::bug::planted;
use crate::node::edge::{Edge, ReverseEdge};
use crate::node::memo::Memo;
use crate::node::state::State;
use crate::revision::Revision;
use crate::sync::Arc;

use super::claim::Claim;

/// A set of edge numbers. Takes no memory while it is empty, which is the usual case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DirtyEdges {
    words: Vec<u64>,
}

impl DirtyEdges {
    pub(crate) const EMPTY: DirtyEdges = DirtyEdges { words: Vec::new() };

    pub(crate) fn insert(&mut self, number: u32) {
        let word = number as usize / 64;
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        self.words[word] |= 1 << (number % 64);
    }

    pub(crate) fn contains(&self, number: u32) -> bool {
        self.words
            .get(number as usize / 64)
            .is_some_and(|word| word & (1 << (number % 64)) != 0)
    }

    pub(crate) fn remove(&mut self, number: u32) {
        if let Some(word) = self.words.get_mut(number as usize / 64) {
            *word &= !(1 << (number % 64));
        }
    }

    /// The smallest number from `from` on.
    pub(crate) fn first(&self, from: u32) -> Option<u32> {
        let start = from as usize / 64;
        let words = self.words.get(start..)?.iter().enumerate();
        words
            .map(|(ahead, &word)| {
                (
                    start + ahead,
                    if ahead == 0 {
                        word >> (from % 64) << (from % 64)
                    } else {
                        word
                    },
                )
            })
            .find(|&(_, word)| word != 0)
            .map(|(place, word)| place as u32 * 64 + word.trailing_zeros())
    }

    /// The numbers in rising order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> {
        self.words.iter().enumerate().flat_map(|(place, &word)| {
            (0..64)
                .filter(move |bit| word & (1 << bit) != 0)
                .map(move |bit| place as u32 * 64 + bit)
        })
    }
}

/// What a change told a node.
#[derive(Default)]
pub(crate) struct Told {
    /// Whom to tell in turn, since the node was clean.
    pub(crate) onward: Vec<ReverseEdge>,
    /// Running updates that heard of a change earlier than any they knew.
    pub(crate) heard: Vec<Arc<Claim>>,
}

/// Tells a node, under its lock, that its edge `number` to `changed` needs a check from
/// `revision` on. Who reads something else at that number by now is not concerned.
pub(crate) fn tell(
    state: &mut State,
    memo: &Memo,
    number: u32,
    changed: Edge,
    revision: Revision,
) -> Told {
    let mut told = Told::default();
    for record in &mut state.records {
        if planted("updates-hear-nothing") {
            break;
        }
        if record.edge(number) == Some(changed) && record.hear(number, revision) {
            told.heard.push(record.claim.clone());
        }
    }
    if memo.edges.get(number) != Some(changed) {
        return told;
    }
    state.dirty.insert(number);
    let dirty_at = memo.interval().dirty_at;
    if dirty_at > revision {
        // Whoever reads a dirty node was told when it became so, or did not subscribe.
        if dirty_at == Revision::NEVER && !planted("propagation-stops") {
            told.onward = state.drain();
        }
        memo.set_dirty_at(revision);
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dirty_edges_come_in_rising_order_and_once() {
        let mut dirty = DirtyEdges::default();
        for number in [200, 3, 64, 3, 63, 0] {
            dirty.insert(number);
        }
        assert_eq!(dirty.iter().collect::<Vec<_>>(), [0, 3, 63, 64, 200]);
        assert_eq!(dirty.first(0), Some(0));
        assert_eq!(dirty.first(4), Some(63));
        assert_eq!(dirty.first(201), None);
        dirty.remove(0);
        dirty.remove(1_000);
        assert_eq!(dirty.first(0), Some(3));
        assert!(dirty.contains(64) && !dirty.contains(65) && !dirty.contains(1_000));
    }
}
