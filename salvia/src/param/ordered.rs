//! Sorted maps and sets: entries in their order.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hasher;

use super::{Param, ToStatic};

impl<K: ToStatic, V: ToStatic> ToStatic for BTreeMap<K, V> {
    type Static = Vec<(K::Static, V::Static)>;

    fn to_static(&self) -> Self::Static {
        self.iter()
            .map(|(key, value)| (key.to_static(), value.to_static()))
            .collect()
    }

    fn eq_static(&self, kept: &Self::Static) -> bool {
        let mut entries = self.iter().zip(kept);
        self.len() == kept.len()
            && entries
                .all(|((key, value), kept)| key.eq_static(&kept.0) && value.eq_static(&kept.1))
    }
}

impl<K: Param, V: Param> Param for BTreeMap<K, V>
where
    for<'k> K::View<'k>: Ord,
{
    type Key = Vec<(K::Key, V::Key)>;
    type View<'k> = BTreeMap<K::View<'k>, V::View<'k>>;

    fn hash_view<H: Hasher>(&self, state: &mut H) {
        state.write_usize(self.len());
        for (key, value) in self {
            key.hash_view(state);
            value.hash_view(state);
        }
    }

    fn matches(&self, key: &Self::Key) -> bool {
        let mut entries = self.iter().zip(key);
        self.len() == key.len()
            && entries.all(|((key, value), kept)| key.matches(&kept.0) && value.matches(&kept.1))
    }

    fn to_key(&self) -> Self::Key {
        self.iter()
            .map(|(key, value)| (key.to_key(), value.to_key()))
            .collect()
    }

    fn view(key: &Self::Key) -> Self::View<'_> {
        key.iter()
            .map(|(key, value)| (K::view(key), V::view(value)))
            .collect()
    }
}

impl<T: ToStatic> ToStatic for BTreeSet<T> {
    type Static = Vec<T::Static>;

    fn to_static(&self) -> Self::Static {
        self.iter().map(T::to_static).collect()
    }

    fn eq_static(&self, kept: &Self::Static) -> bool {
        self.len() == kept.len() && self.iter().zip(kept).all(|(one, kept)| one.eq_static(kept))
    }
}

impl<P: Param> Param for BTreeSet<P>
where
    for<'k> P::View<'k>: Ord,
{
    type Key = Vec<P::Key>;
    type View<'k> = BTreeSet<P::View<'k>>;

    fn hash_view<H: Hasher>(&self, state: &mut H) {
        state.write_usize(self.len());
        self.iter().for_each(|one| one.hash_view(state));
    }

    fn matches(&self, key: &Self::Key) -> bool {
        self.len() == key.len() && self.iter().zip(key).all(|(one, key)| one.matches(key))
    }

    fn to_key(&self) -> Self::Key {
        self.iter().map(P::to_key).collect()
    }

    fn view(key: &Self::Key) -> Self::View<'_> {
        key.iter().map(P::view).collect()
    }
}
