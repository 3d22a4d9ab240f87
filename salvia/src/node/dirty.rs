//! Which edges of a node need a check.

/// A set of edge numbers. Takes no memory of its own while all are below 64, or there is one: the usual cases.
///
/// Its 16 bytes have a gap, so a node keeps something else of four bytes there: `beside`.
#[derive(Clone, Debug)]
pub(crate) enum DirtyEdges<B = ()> {
    Low {
        beside: B,
        numbers: u64,
    },
    /// From 64 on.
    One {
        beside: B,
        number: u32,
    },
    Many {
        beside: B,
        words: Box<Words>,
    },
}

impl<B: Default> Default for DirtyEdges<B> {
    fn default() -> Self {
        DirtyEdges::none(B::default())
    }
}

/// Any set: the numbers below 64, and the words of the others from the first on in which there ever was one. They are few, if
/// few are told of something.
#[derive(Clone, Debug, Default)]
pub(crate) struct Words {
    low: u64,
    /// The place of the first word of the list in the whole set.
    base: usize,
    list: Vec<u64>,
    /// So many at the front have no number any more.
    empty: usize,
}

/// The word of a number, and the number in it.
fn place(number: u32) -> (usize, u64) {
    (number as usize / 64, 1 << (number % 64))
}

/// The smallest number from `from` on in its own word, if that is `word`.
fn first_in(word: u64, from: u32) -> Option<u32> {
    let (start, bit) = place(from);
    let rest = word & bit.wrapping_neg();
    (rest != 0).then(|| start as u32 * 64 + rest.trailing_zeros())
}

impl Words {
    fn insert(&mut self, number: u32) {
        let (word, bit) = place(number);
        if word == 0 {
            self.low |= bit;
            return;
        }
        if self.list.is_empty() {
            self.base = word;
        }
        if let Some(before @ 1..) = self.base.checked_sub(word) {
            // Room for as many again, so that numbers in falling order do not move all that is there each time.
            let room = before.max(self.list.len()).min(self.base - 1);
            self.list.splice(..0, std::iter::repeat_n(0, room));
            self.base -= room;
            self.empty = word - self.base;
        }
        let at = word - self.base;
        if at >= self.list.len() {
            self.list.resize(at + 1, 0);
        }
        self.list[at] |= bit;
        self.empty = self.empty.min(at);
    }

    fn get(&self, word: usize) -> u64 {
        if word == 0 {
            return self.low;
        }
        let at = word.checked_sub(self.base);
        at.and_then(|at| self.list.get(at)).copied().unwrap_or(0)
    }

    fn remove(&mut self, number: u32) {
        let (word, bit) = place(number);
        if word == 0 {
            self.low &= !bit;
            return;
        }
        let at = word.checked_sub(self.base);
        if let Some(word) = at.and_then(|at| self.list.get_mut(at)) {
            *word &= !bit;
        }
        while self.list.get(self.empty) == Some(&0) {
            self.empty += 1;
        }
    }

    /// The smallest number from `from` on.
    fn first(&self, from: u32) -> Option<u32> {
        let (start, _) = place(from);
        first_in(self.get(start), from).or_else(|| {
            let next = (start + 1).max(self.base + self.empty);
            let rest = self.list.get(next - self.base..)?;
            let word = next + rest.iter().position(|&word| word != 0)?;
            first_in(self.get(word), word as u32 * 64)
        })
    }
}

impl<B> DirtyEdges<B> {
    fn none(beside: B) -> Self {
        DirtyEdges::Low { beside, numbers: 0 }
    }

    #[inline]
    pub(crate) fn contains(&self, number: u32) -> bool {
        let (word, bit) = place(number);
        match self {
            DirtyEdges::Low { numbers, .. } => word == 0 && numbers & bit != 0,
            DirtyEdges::One { number: one, .. } => *one == number,
            DirtyEdges::Many { words, .. } => words.get(word) & bit != 0,
        }
    }

    /// The smallest number from `from` on.
    pub(crate) fn first(&self, from: u32) -> Option<u32> {
        match self {
            DirtyEdges::Low { numbers, .. } if from < 64 => first_in(*numbers, from),
            DirtyEdges::Low { .. } => None,
            DirtyEdges::One { number, .. } => (*number >= from).then_some(*number),
            DirtyEdges::Many { words, .. } => words.first(from),
        }
    }

    /// The only number in the set; `None` if there are none or several.
    pub(crate) fn only(&self) -> Option<u32> {
        let first = self.first(0)?;
        self.first(first + 1).is_none().then_some(first)
    }

    /// The numbers in rising order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> {
        let mut from = 0;
        std::iter::from_fn(move || {
            let number = self.first(from)?;
            from = number + 1;
            Some(number)
        })
    }
}

impl<B: Copy> DirtyEdges<B> {
    pub(crate) fn insert(&mut self, number: u32) {
        let beside = self.beside();
        match self {
            DirtyEdges::Low { numbers, .. } if number < 64 => *numbers |= 1 << number,
            DirtyEdges::Low { numbers: 0, .. } => *self = DirtyEdges::One { beside, number },
            DirtyEdges::One { number: one, .. } if *one == number => {}
            DirtyEdges::Many { words, .. } => words.insert(number),
            _ => {
                let mut words = Box::<Words>::default();
                self.iter().for_each(|number| words.insert(number));
                words.insert(number);
                *self = DirtyEdges::Many { beside, words };
            }
        }
    }

    pub(crate) fn remove(&mut self, number: u32) {
        let beside = self.beside();
        match self {
            DirtyEdges::Low { numbers, .. } if number < 64 => *numbers &= !(1 << number),
            DirtyEdges::One { number: one, .. } if *one == number => {
                *self = DirtyEdges::none(beside);
            }
            DirtyEdges::Many { words, .. } => words.remove(number),
            _ => {}
        }
    }

    pub(crate) fn beside(&self) -> B {
        match self {
            DirtyEdges::Low { beside, .. }
            | DirtyEdges::One { beside, .. }
            | DirtyEdges::Many { beside, .. } => *beside,
        }
    }

    pub(crate) fn beside_mut(&mut self) -> &mut B {
        match self {
            DirtyEdges::Low { beside, .. }
            | DirtyEdges::One { beside, .. }
            | DirtyEdges::Many { beside, .. } => beside,
        }
    }

    /// The same set with something else beside it.
    pub(crate) fn with<C>(self, beside: C) -> DirtyEdges<C> {
        match self {
            DirtyEdges::Low { numbers, .. } => DirtyEdges::Low { beside, numbers },
            DirtyEdges::One { number, .. } => DirtyEdges::One { beside, number },
            DirtyEdges::Many { words, .. } => DirtyEdges::Many { beside, words },
        }
    }

    /// Becomes another set; what is beside it stays.
    pub(crate) fn put<C: Copy>(&mut self, set: DirtyEdges<C>) {
        *self = set.with(self.beside());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dirty_edges_come_in_rising_order_and_once() {
        let mut dirty = DirtyEdges::<()>::default();
        for number in [200, 3, 64, 3, 63, 0] {
            dirty.insert(number);
        }
        assert_eq!(dirty.iter().collect::<Vec<_>>(), [0, 3, 63, 64, 200]);
        assert_eq!(dirty.only(), None);
        assert_eq!(dirty.first(0), Some(0));
        assert_eq!(dirty.first(4), Some(63));
        assert_eq!(dirty.first(201), None);
        dirty.remove(0);
        dirty.remove(1_000);
        assert_eq!(dirty.first(0), Some(3));
        assert!(dirty.contains(64) && !dirty.contains(65) && !dirty.contains(1_000));
    }

    #[test]
    fn one_number_takes_no_memory_and_a_distant_one_little() {
        let mut dirty = DirtyEdges::<()>::default();
        dirty.insert(99_999);
        dirty.insert(99_999);
        assert!(matches!(dirty, DirtyEdges::One { number: 99_999, .. }));
        assert_eq!(dirty.only(), Some(99_999));
        dirty.insert(3);
        let DirtyEdges::Many { words, .. } = &dirty else {
            panic!("two of them are many");
        };
        assert_eq!(words.list.len(), 1);
        dirty.remove(99_999);
        assert_eq!(dirty.only(), Some(3));
    }

    #[test]
    fn what_is_beside_a_set_stays_there_and_takes_no_room() {
        assert_eq!(size_of::<DirtyEdges<u32>>(), size_of::<DirtyEdges>());
        let mut dirty = DirtyEdges::<u32>::default();
        *dirty.beside_mut() = 7;
        for number in [70, 3, 200] {
            dirty.insert(number);
            assert_eq!(dirty.beside(), 7);
            let mut copy = dirty.clone();
            copy.remove(70);
            assert_eq!(copy.beside(), 7);
            copy.put(dirty.clone().with(()));
            assert_eq!(copy.beside(), 7);
            assert!(copy.iter().eq(dirty.iter()));
        }
    }

    #[test]
    fn a_set_of_any_numbers_in_any_order_is_what_a_tree_says() {
        // Steps through all numbers below a prime, back and forth.
        for (limit, step) in [(61, 7), (1_009, 64), (10_007, 4_999), (10_007, 9_943)] {
            let mut dirty = DirtyEdges::<()>::default();
            let mut expected = std::collections::BTreeSet::new();
            for time in 0..200_u32 {
                let number = (1 + time) * step % limit;
                dirty.insert(number);
                expected.insert(number);
                if time % 3 == 0 {
                    let gone = (1 + time / 2) * step % limit;
                    dirty.remove(gone);
                    expected.remove(&gone);
                }
                let from = number / 2;
                assert_eq!(dirty.first(from), expected.range(from..).next().copied());
                assert_eq!(dirty.contains(from), expected.contains(&from));
            }
            assert!(dirty.iter().eq(expected.iter().copied()));
            while let Some(number) = dirty.first(0) {
                assert!(expected.remove(&number));
                dirty.remove(number);
            }
            assert!(expected.is_empty());
        }
    }
}
