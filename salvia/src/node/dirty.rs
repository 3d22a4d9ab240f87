//! Which edges of a node need a check.

/// A set of edge numbers. Takes no memory of its own while all are below 64, the usual case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DirtyEdges {
    low: u64,
    /// From 64 on; boxed once more because nearly every node is without.
    #[expect(
        clippy::box_collection,
        reason = "eight bytes in every node instead of 24"
    )]
    high: Option<Box<Vec<u64>>>,
}

impl DirtyEdges {
    pub(crate) fn insert(&mut self, number: u32) {
        let word = number as usize / 64;
        let Some(word) = word.checked_sub(1) else {
            self.low |= 1 << number;
            return;
        };
        let high = self.high.get_or_insert_default();
        if word >= high.len() {
            high.resize(word + 1, 0);
        }
        high[word] |= 1 << (number % 64);
    }

    pub(crate) fn contains(&self, number: u32) -> bool {
        self.word(number as usize / 64)
            .is_some_and(|word| word & (1 << (number % 64)) != 0)
    }

    pub(crate) fn remove(&mut self, number: u32) {
        let place = number as usize / 64;
        let word = match (place.checked_sub(1), &mut self.high) {
            (None, _) => Some(&mut self.low),
            (Some(place), Some(high)) => high.get_mut(place),
            (Some(_), None) => None,
        };
        if let Some(word) = word {
            *word &= !(1 << (number % 64));
        }
    }

    /// The smallest number from `from` on.
    pub(crate) fn first(&self, from: u32) -> Option<u32> {
        let start = from as usize / 64;
        // What comes before `from` in its own word does not count.
        let mut word = self.word(start)? >> (from % 64) << (from % 64);
        let mut place = start;
        while word == 0 {
            place += 1;
            word = self.word(place)?;
        }
        Some(place as u32 * 64 + word.trailing_zeros())
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

    fn word(&self, place: usize) -> Option<u64> {
        match place.checked_sub(1) {
            None => Some(self.low),
            Some(place) => self.high.as_ref()?.get(place).copied(),
        }
    }
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
