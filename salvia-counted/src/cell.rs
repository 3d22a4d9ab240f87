//! A cell that is filled once, in four bytes more than its value, with room for marks in them.

use std::cell::UnsafeCell;
use std::mem::MaybeUninit;

use crate::sync::{AtomicU32, Ordering};

/// The value is there.
const FULL: u32 = 1 << 31;
/// Somebody puts it in, or has.
const TAKEN: u32 = 1 << 30;

/// A value that is put in once, and 30 bits beside it that can be changed at any time.
///
/// The four bytes they are in leave a gap before most values; so something else can stand in it, a `B`.
///
/// ```
/// use salvia_counted::MarkedCell;
///
/// let cell = MarkedCell::new(5, 'b');
/// assert_eq!((cell.get(), cell.marks()), (None, 5));
/// assert_eq!(cell.set("value", 7), Ok(()));
/// assert_eq!((cell.get(), cell.marks()), (Some(&"value"), 7));
/// assert_eq!(cell.set("other", 0), Err("other"));
/// assert_eq!(cell.beside(), &'b');
/// ```
pub struct MarkedCell<T, B = ()> {
    state: AtomicU32,
    beside: B,
    value: UnsafeCell<MaybeUninit<T>>,
}

// SAFETY: one thread may put the value in, another one drop it, so `T` is `Send`; many may look at it, so it is `Sync`.
unsafe impl<T: Send + Sync, B: Sync> Sync for MarkedCell<T, B> {}

impl<T, B> MarkedCell<T, B> {
    /// All that marks can be.
    pub const MARKS: u32 = !(FULL | TAKEN);

    /// An empty one.
    pub fn new(marks: u32, beside: B) -> Self {
        MarkedCell {
            state: AtomicU32::new(marks & Self::MARKS),
            beside,
            value: UnsafeCell::new(MaybeUninit::uninit()),
        }
    }

    /// One that is full already, which takes no atomic write.
    pub fn with_value(value: T, marks: u32, beside: B) -> Self {
        MarkedCell {
            state: AtomicU32::new(FULL | TAKEN | marks & Self::MARKS),
            beside,
            value: UnsafeCell::new(MaybeUninit::new(value)),
        }
    }

    /// The value, once it is there.
    #[inline]
    pub fn get(&self) -> Option<&T> {
        // Acquire: who sees that it is there sees it.
        if self.state.load(Ordering::Acquire) & FULL == 0 {
            return None;
        }
        // SAFETY: it was put in before `FULL` was set, and is written by nobody since.
        let value = unsafe { &*self.value.get() };
        // SAFETY: as above.
        Some(unsafe { value.assume_init_ref() })
    }

    /// Puts the value in with other marks, which who sees the value sees too.
    ///
    /// # Errors
    ///
    /// Gives the value back if somebody else has put in one or is about to. Then the marks are what they were.
    pub fn set(&self, value: T, marks: u32) -> Result<(), T> {
        // A look first: it costs less than to try in vain.
        let is_taken = self.state.load(Ordering::Relaxed) & TAKEN != 0;
        if is_taken || self.state.fetch_or(TAKEN, Ordering::Relaxed) & TAKEN != 0 {
            return Err(value);
        }
        // SAFETY: the only one who found it not taken is here, and nobody looks at it before `FULL` is set.
        let place = unsafe { &mut *self.value.get() };
        place.write(value);
        // Whoever changes the marks meanwhile comes before that, or sees it and tries again.
        let full = FULL | TAKEN | marks & Self::MARKS;
        self.state.swap(full, Ordering::Release);
        Ok(())
    }

    /// What stands beside it.
    #[inline]
    pub fn beside(&self) -> &B {
        &self.beside
    }

    /// The marks as they are.
    pub fn marks(&self) -> u32 {
        self.state.load(Ordering::Acquire) & Self::MARKS
    }

    /// Changes the marks. `marks` may be asked more than once.
    pub fn mark(&self, mut marks: impl FnMut(u32) -> u32) {
        let mut state = self.state.load(Ordering::Relaxed);
        loop {
            let changed = state & !Self::MARKS | marks(state & Self::MARKS) & Self::MARKS;
            let done = self.state.compare_exchange_weak(
                state,
                changed,
                Ordering::Release,
                Ordering::Relaxed,
            );
            match done {
                Ok(_) => return,
                Err(now) => state = now,
            }
        }
    }
}

impl<T, B> Drop for MarkedCell<T, B> {
    fn drop(&mut self) {
        // Whoever has it alone has seen all that others did to it.
        if self.state.load(Ordering::Relaxed) & FULL != 0 {
            // SAFETY: it was put in before `FULL` was set, and nobody looks at it any more.
            unsafe { self.value.get_mut().assume_init_drop() };
        }
    }
}
