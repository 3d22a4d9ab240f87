//! A list that takes no memory of its own while it has one entry, in two words.

use thin_vec::ThinVec;

#[derive(Clone, Debug)]
pub(crate) enum Few<T> {
    One(T),
    /// Any other number of them.
    Many(ThinVec<T>),
}

impl<T> Default for Few<T> {
    fn default() -> Self {
        Few::Many(ThinVec::new())
    }
}

impl<T: Copy> From<&[T]> for Few<T> {
    fn from(list: &[T]) -> Self {
        match list {
            [only] => Few::One(*only),
            list => Few::Many(list.into()),
        }
    }
}

impl<T: Copy> Few<T> {
    /// An empty one with room for `count`.
    pub(crate) fn with_room(count: usize) -> Self {
        match count {
            0 | 1 => Few::default(),
            _ => Few::Many(ThinVec::with_capacity(count)),
        }
    }

    pub(crate) fn push(&mut self, entry: T) {
        match self {
            Few::Many(list) if list.capacity() == 0 => *self = Few::One(entry),
            Few::Many(list) => list.push(entry),
            Few::One(first) => {
                let mut list = ThinVec::with_capacity(4);
                list.extend([*first, entry]);
                *self = Few::Many(list);
            }
        }
    }

    #[inline]
    pub(crate) fn as_slice(&self) -> &[T] {
        match self {
            Few::One(entry) => std::slice::from_ref(entry),
            Few::Many(list) => list,
        }
    }

    /// The same list, in no more memory than it needs.
    pub(crate) fn shrunk(mut self) -> Self {
        if let Few::Many(list) = &mut self {
            match **list {
                [only] => return Few::One(only),
                _ => list.shrink_to_fit(),
            }
        }
        self
    }

    /// What it takes on the heap.
    pub(crate) fn heap_bytes(&self) -> usize {
        match self {
            Few::Many(list) if list.capacity() > 0 => HEADER + list.capacity() * size_of::<T>(),
            _ => 0,
        }
    }
}

/// What a `ThinVec` keeps before its entries: their number, and how many it has room for.
const HEADER: usize = 2 * size_of::<usize>();

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_takes_two_words_and_none_of_the_heap_for_one_entry() {
        assert_eq!(size_of::<Few<[u32; 2]>>(), 16);
        let mut list = Few::with_room(1);
        list.push(7_u64);
        assert_eq!((list.as_slice(), list.heap_bytes()), (&[7][..], 0));
        assert_eq!(Few::<u64>::default().shrunk().heap_bytes(), 0);
    }

    #[test]
    fn what_was_put_in_comes_out_in_that_order() {
        for room in [0, 1, 2, 5, 100] {
            let mut list = Few::with_room(room);
            for count in 0..20_u64 {
                assert_eq!(Few::from(list.as_slice()).as_slice(), list.as_slice());
                let shrunk = list.clone().shrunk();
                assert!(shrunk.as_slice().iter().copied().eq(0..count));
                let bytes = if count < 2 {
                    0
                } else {
                    16 + 8 * count as usize
                };
                assert_eq!(shrunk.heap_bytes(), bytes);
                list.push(count);
            }
        }
    }
}
