//! A number, or a shared value in its place.

use std::marker::PhantomData;
use std::mem::ManuallyDrop;

use hazarc::arc::ArcPtr;

use crate::counted::Counted;
use crate::sync::{AtomicU64, Ordering};

/// It is a number, in the bits above.
const NUMBER: u64 = 1;
/// Who put the value in has marked it.
const MARKED: u64 = 2;

/// A number, or once and for all what counts a value in its place; in eight bytes.
///
/// ```
/// use salvia_counted::{Counted, Kept, NumberOr};
///
/// let word = NumberOr::new(5);
/// word.set(u64::MAX);
/// assert!(matches!(word.get(), Kept::Number(u64::MAX)));
/// let value = Counted::new("shared");
/// assert!(word.keep(value.clone(), true).is_ok());
/// assert!(matches!(word.get(), Kept::Value { value: &"shared", marked: true }));
/// assert!(word.keep(value, false).is_err());
/// ```
pub struct NumberOr<T> {
    /// A number that was shifted by one, or where the value is, whose address leaves two bits.
    word: AtomicU64,
    counts: PhantomData<Counted<T>>,
}

/// What a [`NumberOr`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept<'a, T> {
    /// A number.
    Number(u64),
    /// A value.
    Value {
        /// The value.
        value: &'a T,
        /// What was said of it when it was put in.
        marked: bool,
    },
}

impl<T> NumberOr<T> {
    /// A number: less than 2^62, or one of the last 2^62 there are; others come back as other numbers.
    pub fn new(number: u64) -> Self {
        NumberOr {
            word: AtomicU64::new(packed(number)),
            counts: PhantomData,
        }
    }

    /// A value.
    pub fn of(value: Counted<T>, marked: bool) -> Self {
        NumberOr {
            word: AtomicU64::new(packed_value(value, marked)),
            counts: PhantomData,
        }
    }

    /// What it is.
    #[inline]
    pub fn get(&self) -> Kept<'_, T> {
        // Acquire: who sees where the value is sees the value, and who sees a number what was done before it was set.
        let word = self.word.load(Ordering::Acquire);
        if word & NUMBER != 0 {
            return Kept::Number(number(word));
        }
        // SAFETY: it is a value's, and goes on to be the one it was counted for.
        let counted = ManuallyDrop::new(unsafe { unpacked::<T>(word) });
        let value: *const T = &**counted;
        Kept::Value {
            // SAFETY: it is counted for this, from which it is taken out by nobody before this is dropped.
            value: unsafe { &*value },
            marked: word & MARKED != 0,
        }
    }

    /// The value, counted once more, and whether it is marked.
    pub fn counted(&self) -> Option<(Counted<T>, bool)> {
        let word = self.word.load(Ordering::Acquire);
        if word & NUMBER != 0 {
            return None;
        }
        // SAFETY: as in `get`.
        let counted = ManuallyDrop::new(unsafe { unpacked::<T>(word) });
        Some((Counted::clone(&counted), word & MARKED != 0))
    }

    /// Another number in place of one. If a value is put in by another thread at the same time it may be lost, and is not dropped
    /// then.
    pub fn set(&self, number: u64) {
        debug_assert!(matches!(self.get(), Kept::Number(_)), "it has a value");
        self.word.store(packed(number), Ordering::Release);
    }

    /// A value in place of the number.
    ///
    /// # Errors
    ///
    /// Gives it back if there is one already, or another number by now.
    pub fn keep(&self, value: Counted<T>, marked: bool) -> Result<(), Counted<T>> {
        let before = self.word.load(Ordering::Relaxed);
        if before & NUMBER == 0 {
            return Err(value);
        }
        let word = packed_value(value, marked);
        match self
            .word
            .compare_exchange(before, word, Ordering::Release, Ordering::Relaxed)
        {
            Ok(_) => Ok(()),
            // SAFETY: it was made so just now, and nobody else has seen it.
            Err(_) => Err(unsafe { unpacked::<T>(word) }),
        }
    }
}

impl<T> Drop for NumberOr<T> {
    fn drop(&mut self) {
        // Whoever has it alone has seen all that others did to it.
        let word = self.word.load(Ordering::Relaxed);
        if word & NUMBER == 0 {
            // SAFETY: it is a value's, and this is the one it was counted for.
            drop(unsafe { unpacked::<T>(word) });
        }
    }
}

fn packed(number: u64) -> u64 {
    number << 1 | NUMBER
}

/// The bit that was shifted out is the one that is the first now.
fn number(word: u64) -> u64 {
    (word.cast_signed() >> 1).cast_unsigned()
}

/// A value, which is not to be dropped until it is made one again.
fn packed_value<T>(value: Counted<T>, marked: bool) -> u64 {
    // A number may stand in its place, so it is one itself as long as it stands there.
    let address = Counted::into_ptr(value).expose_provenance() as u64;
    // Aligned to four, since a count stands in it.
    address | if marked { MARKED } else { 0 }
}

/// The value of a word.
///
/// # Safety
///
/// `packed_value` has made the word of a `Counted<T>`, and whoever has this drops it for that one, or does not drop it.
unsafe fn unpacked<T>(word: u64) -> Counted<T> {
    let address = (word & !(NUMBER | MARKED)) as usize;
    // SAFETY: it is the address of what the caller says, which was exposed.
    unsafe { Counted::from_ptr(std::ptr::with_exposed_provenance_mut(address)) }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_from_both_ends() {
        for number in [0, 1, 2, (1 << 62) - 1, u64::MAX - 1, u64::MAX] {
            assert_eq!(NumberOr::<()>::new(number).get(), Kept::Number(number));
        }
    }
}
