//! The slots of one cache: which value answers for some arguments, and which makes way for a new one.
//!
//! Looking changes nothing but the order of use, so it needs no more than `&self`: what it calls may look as well.

use std::cell::Cell;

use crate::param::ToStatic;

/// A snapshot of the arguments, and the value.
pub(super) struct Entry<K, V> {
    key: K,
    value: V,
}

/// A cache of one memo, or of one instance of it.
pub(super) trait Cache {
    /// Snapshots of arguments.
    type Key;

    /// What the memo returns.
    type Value: Clone;

    /// A cache with a first value.
    fn with(entry: EntryOf<Self>) -> Self;

    /// The value for these arguments, cloned.
    fn look<A: ToStatic<Static = Self::Key>>(&self, arguments: &A) -> Option<Self::Value>;

    /// Puts a value in one of the slots. What it replaces is given back, to be dropped when nothing is borrowed any more.
    fn keep(&mut self, slots: usize, entry: EntryOf<Self>) -> Option<EntryOf<Self>>;
}

pub(super) type EntryOf<C> = Entry<<C as Cache>::Key, <C as Cache>::Value>;

impl<K, V> Entry<K, V> {
    pub(super) fn new(key: K, value: V) -> Self {
        Self { key, value }
    }
}

impl<K, V: Clone> Entry<K, V> {
    /// The value, if it is that of these arguments.
    #[inline]
    pub(super) fn answer<A: ToStatic<Static = K>>(&self, arguments: &A) -> Option<V> {
        arguments.eq_static(&self.key).then(|| self.value.clone())
    }
}

/// One slot.
pub struct Single<K, V>(Entry<K, V>);

impl<K, V: Clone> Cache for Single<K, V> {
    type Key = K;
    type Value = V;

    fn with(entry: Entry<K, V>) -> Self {
        Self(entry)
    }

    #[inline]
    fn look<A: ToStatic<Static = K>>(&self, arguments: &A) -> Option<V> {
        self.0.answer(arguments)
    }

    fn keep(&mut self, _: usize, entry: Entry<K, V>) -> Option<Entry<K, V>> {
        Some(std::mem::replace(&mut self.0, entry))
    }
}

/// Some slots, of which the one that was used least recently makes way.
pub struct Lru<K, V> {
    slots: Vec<Slot<K, V>>,
    /// The number of uses so far. It counts to the end of time.
    uses: Cell<u64>,
}

struct Slot<K, V> {
    entry: Entry<K, V>,
    /// The use it was last in.
    used: Cell<u64>,
}

impl<K, V> Lru<K, V> {
    #[inline]
    fn next_use(&self) -> u64 {
        self.uses.set(self.uses.get() + 1);
        self.uses.get()
    }
}

impl<K, V: Clone> Cache for Lru<K, V> {
    type Key = K;
    type Value = V;

    fn with(entry: Entry<K, V>) -> Self {
        let used = Cell::new(1);
        Self {
            slots: vec![Slot { entry, used }],
            uses: Cell::new(1),
        }
    }

    #[inline]
    fn look<A: ToStatic<Static = K>>(&self, arguments: &A) -> Option<V> {
        let mut slots = self.slots.iter();
        let slot = slots.find(|slot| arguments.eq_static(&slot.entry.key))?;
        slot.used.set(self.next_use());
        Some(slot.entry.value.clone())
    }

    fn keep(&mut self, slots: usize, entry: Entry<K, V>) -> Option<Entry<K, V>> {
        let slot = Slot {
            entry,
            used: Cell::new(self.next_use()),
        };
        if self.slots.len() < slots {
            self.slots.push(slot);
            return None;
        }
        let oldest = self.slots.iter_mut().min_by_key(|slot| slot.used.get())?;
        Some(std::mem::replace(oldest, slot).entry)
    }
}

#[cfg(test)]
mod tests {
    use super::{Cache, Entry, Lru, Single};

    fn keys(cache: &impl Cache<Key = u32, Value = u32>) -> Vec<u32> {
        (0..10).filter(|key| cache.look(key).is_some()).collect()
    }

    #[test]
    fn a_single_slot_answers_for_the_last_key() {
        let mut cache = Single::with(Entry::new(0, 0));
        for (key, value) in [(1, 10), (2, 20)] {
            cache.keep(1, Entry::new(key, value));
            assert_eq!(cache.look(&key), Some(value));
        }
        assert_eq!(keys(&cache), [2]);
    }

    #[test]
    fn the_slot_that_was_used_least_recently_makes_way() {
        // What is asked for, and what is there after that.
        let script: [(u32, &[u32]); 6] = [
            (2, &[1, 2]),
            (1, &[1, 2]),
            (3, &[1, 3]),
            (3, &[1, 3]),
            (4, &[3, 4]),
            (1, &[1, 4]),
        ];
        let mut cache = Lru::with(Entry::new(1, 10));
        for (key, there) in script {
            if cache.look(&key).is_none() {
                cache.keep(2, Entry::new(key, 10 * key));
            }
            let slots = cache.slots.iter().map(|slot| slot.entry.key);
            let mut slots: Vec<_> = slots.collect();
            slots.sort_unstable();
            assert_eq!(slots, there, "after {key}");
        }
    }

    /// The uses are counted without end: their order is the same on both sides of what 32 bits can hold.
    #[test]
    fn the_order_of_use_outlasts_any_number_of_uses() {
        let mut cache = Lru::with(Entry::new(1, 10));
        cache.uses.set(u64::from(u32::MAX) - 1);
        cache.look(&1_u32);
        cache.keep(2, Entry::new(2, 20));
        assert_eq!(cache.look(&1_u32), Some(10));
        assert!(cache.uses.get() > u64::from(u32::MAX));
        cache.keep(2, Entry::new(3, 30));
        assert_eq!(keys(&cache), [1, 3]);
    }
}
