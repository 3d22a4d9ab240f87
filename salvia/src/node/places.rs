//! Numbered places, most often one: the first takes no memory of its own.

use slab::Slab;

/// A slab that allocates from its second entry on.
pub(crate) struct Places<T> {
    first: Option<T>,
    more: Option<Box<Slab<T>>>,
}

impl<T> Default for Places<T> {
    fn default() -> Self {
        Places {
            first: None,
            more: None,
        }
    }
}

impl<T> Places<T> {
    /// With one entry, whose number is 0.
    pub(crate) fn of(entry: T) -> Self {
        Places {
            first: Some(entry),
            more: None,
        }
    }

    /// Takes a free place and gives its number.
    pub(crate) fn insert(&mut self, entry: T) -> usize {
        if self.first.is_none() {
            self.first = Some(entry);
            return 0;
        }
        self.more.get_or_insert_default().insert(entry) + 1
    }

    pub(crate) fn get_mut(&mut self, place: usize) -> Option<&mut T> {
        match place.checked_sub(1) {
            None => self.first.as_mut(),
            Some(place) => self.more.as_mut()?.get_mut(place),
        }
    }

    pub(crate) fn remove(&mut self, place: usize) -> Option<T> {
        match place.checked_sub(1) {
            None => self.first.take(),
            Some(place) => self.more.as_mut()?.try_remove(place),
        }
    }

    pub(crate) fn len(&self) -> usize {
        let more = self.more.as_ref().map_or(0, |more| more.len());
        usize::from(self.first.is_some()) + more
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        let more = self.more.iter().flat_map(|more| more.iter());
        self.first.iter().chain(more.map(|(_, entry)| entry))
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        let more = self.more.iter_mut().flat_map(|more| more.iter_mut());
        self.first.iter_mut().chain(more.map(|(_, entry)| entry))
    }

    pub(crate) fn into_entries(self) -> impl Iterator<Item = T> {
        let more = self.more.into_iter().flat_map(|more| *more);
        self.first.into_iter().chain(more.map(|(_, entry)| entry))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_found_at_its_number_until_it_is_removed() {
        let mut places = Places::default();
        let numbers: Vec<usize> = (0..4).map(|n| places.insert(n)).collect();
        assert_eq!(places.remove(numbers[0]), Some(0));
        assert_eq!(places.remove(numbers[2]), Some(2));
        assert_eq!(places.remove(numbers[2]), None);
        assert_eq!(places.get_mut(numbers[3]), Some(&mut 3));
        assert_eq!(places.iter().copied().collect::<Vec<_>>(), [1, 3]);
        assert_eq!(places.insert(7), numbers[0]);
        assert_eq!(places.len(), 3);
        assert_eq!(places.into_entries().collect::<Vec<_>>(), [7, 1, 3]);
    }
}
