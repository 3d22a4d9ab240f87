//! The kinds of a runtime, by the type that tells them apart. Every new node asks for its own, so they are found without a lock.
//!
//! Kinds are few and stay, so a segment of cells is never rebuilt: what finds no place in one goes to the next, which is twice
//! as long.

use std::any::TypeId;
use std::hash::BuildHasher;

use crate::node::bound::Kind;
use crate::sync::{Common, KeyHasher, MODELLED, OnceLock};

/// Cells of the first segment.
const FIRST: usize = if MODELLED { 2 } else { 64 };
/// In so many cells of a segment a kind may stand, from the one its hash names on.
const TRIES: usize = if MODELLED { 1 } else { 4 };
const SEGMENTS: usize = 24;

/// The identity stands beside the kind, so that those that are come by on the way need not be looked at.
type Cell = OnceLock<(TypeId, Common<Kind>)>;

pub(crate) struct Kinds {
    segments: [OnceLock<Box<[Cell]>>; SEGMENTS],
}

impl Kinds {
    pub(crate) fn new() -> Self {
        Kinds {
            segments: [const { OnceLock::new() }; SEGMENTS],
        }
    }

    /// The kind with this identity, made if need be. Who asks for the same at the same time comes by the same cells in the same
    /// order, and none of them is ever emptied: so both find the one that stands in the first.
    pub(crate) fn get(
        &self,
        id: TypeId,
        hasher: &KeyHasher,
        make: impl FnOnce() -> Common<Kind>,
    ) -> Common<Kind> {
        let hash = hasher.hash_one(id) as u32 as usize;
        let mut make = Some(make);
        for cell in self.cells(hash) {
            let (there, kind) = cell.get_or_init(|| {
                let make = make.take().expect("what was made for a cell stands in it");
                (id, make())
            });
            if *there == id {
                return kind.clone();
            }
        }
        unreachable!("there is room for more kinds than a program can have")
    }

    /// All that have been asked for.
    pub(crate) fn all(&self) -> Vec<Common<Kind>> {
        let segments = self.segments.iter().filter_map(OnceLock::get);
        let cells = segments.flatten().filter_map(OnceLock::get);
        cells.map(|(_, kind)| kind.clone()).collect()
    }

    /// The cells a kind may stand in, in order.
    fn cells(&self, hash: usize) -> impl Iterator<Item = &Cell> {
        let segments = self.segments.iter().enumerate();
        segments.flat_map(move |(number, segment)| {
            let len = FIRST << number;
            let cells = segment.get_or_init(|| (0..len).map(|_| Cell::new()).collect());
            (0..TRIES).filter_map(move |step| cells.get(hash.wrapping_add(step) & (len - 1)))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    /// More than the first segment has room for.
    fn ids() -> Vec<TypeId> {
        macro_rules! ids {
            ($($len:literal)*) => {
                [$(ids::<[(); $len]>()),*].concat()
            };
        }
        fn ids<T: 'static>() -> [TypeId; 4] {
            [
                TypeId::of::<T>(),
                TypeId::of::<(T,)>(),
                TypeId::of::<Vec<T>>(),
                TypeId::of::<&T>(),
            ]
        }
        ids!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29)
    }

    #[test]
    fn whoever_asks_for_a_kind_is_given_the_same() {
        let (kinds, hasher) = (Kinds::new(), KeyHasher::default());
        let all = || {
            ids()
                .into_iter()
                .map(|id| kinds.get(id, &hasher, || Kind::bare(id)))
        };
        let asked: Vec<Vec<Common<Kind>>> = thread::scope(|scope| {
            let threads = [(); 4].map(|()| scope.spawn(|| all().collect()));
            threads
                .map(|thread| thread.join().expect("it does not panic"))
                .into()
        });
        for of_one in &asked {
            assert!(of_one.iter().map(|kind| kind.id).eq(ids()));
            assert!(
                of_one
                    .iter()
                    .zip(&asked[0])
                    .all(|(one, other)| Common::ptr_eq(one, other))
            );
        }
        assert_eq!(kinds.all().len(), ids().len());
    }
}
