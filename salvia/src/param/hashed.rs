//! Hash maps and sets, of which two that are equal may have their entries in different orders.
//!
//! A snapshot is searched with a view of a key, so it keeps the hashes of the views it was made from. Nothing has to hold
//! between the hash of a view and that of its snapshot, and the snapshot need not be `Hash` at all.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, Hash};

use foldhash::quality::RandomState;

use super::ToStatic;

/// The snapshot of a hash map, or of a set, whose entries have nothing but keys.
pub struct HashEntries<K, V> {
    hasher: RandomState,
    /// With the hash of each key, in the order of the hashes.
    entries: Vec<(u64, K, V)>,
}

impl<K, V> HashEntries<K, V> {
    fn collect<'a, A, B>(entries: impl Iterator<Item = (&'a A, &'a B)>) -> Self
    where
        A: ToStatic<Static = K> + Hash + 'a,
        B: ToStatic<Static = V> + 'a,
    {
        let hasher = RandomState::default();
        let entry =
            |(key, value): (&A, &B)| (hasher.hash_one(key), key.to_static(), value.to_static());
        let mut entries: Vec<_> = entries.map(entry).collect();
        entries.sort_unstable_by_key(|entry| entry.0);
        Self { hasher, entries }
    }

    /// Whether an entry is here.
    fn has<A, B>(&self, key: &A, value: &B) -> bool
    where
        A: ToStatic<Static = K> + Hash,
        B: ToStatic<Static = V>,
    {
        let hash = self.hasher.hash_one(key);
        let first = self.entries.partition_point(|entry| entry.0 < hash);
        let mut candidates = self.entries[first..]
            .iter()
            .take_while(|entry| entry.0 == hash);
        candidates
            .any(|(_, kept_key, kept_value)| key.eq_static(kept_key) && value.eq_static(kept_value))
    }
}

impl<K: ToStatic + Hash, V: ToStatic, S> ToStatic for HashMap<K, V, S> {
    type Static = HashEntries<K::Static, V::Static>;

    fn to_static(&self) -> Self::Static {
        HashEntries::collect(self.iter())
    }

    fn eq_static(&self, kept: &Self::Static) -> bool {
        self.len() == kept.entries.len() && self.iter().all(|(key, value)| kept.has(key, value))
    }
}

impl<T: ToStatic + Hash, S> ToStatic for HashSet<T, S> {
    type Static = HashEntries<T::Static, ()>;

    fn to_static(&self) -> Self::Static {
        HashEntries::collect(self.iter().map(|one| (one, &())))
    }

    fn eq_static(&self, kept: &Self::Static) -> bool {
        self.len() == kept.entries.len() && self.iter().all(|one| kept.has(one, &()))
    }
}
