//! A pointer to a value that is shared.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::ptr::NonNull;

use hazarc::arc::{ArcPtr, NonNullArcPtr};

use crate::count::Count;
use crate::veil::{Veil, Veiled};

struct Inner<T> {
    count: Count,
    value: T,
}

/// A value and how many share it: an `Arc` without weak references, whose place for their count is saved.
///
/// ```
/// use salvia_counted::Counted;
///
/// let one = Counted::new(String::from("shared"));
/// let other = one.clone();
/// assert!(Counted::ptr_eq(&one, &other));
/// assert_eq!(&**other, "shared");
/// ```
///
/// It goes to other threads if its value does:
///
/// ```compile_fail
/// fn is_sync<T: Sync>() {}
/// is_sync::<salvia_counted::Counted<std::cell::Cell<u8>>>();
/// ```
pub type Counted<T> = CountedOf<Veiled<T>>;

/// A [`Counted`], by the name of its type.
pub struct CountedOf<N: Veil + ?Sized> {
    /// Of an `Inner` of the type.
    inner: NonNull<()>,
    of: PhantomData<*const N>,
}

// SAFETY: it gives out `&T` on any thread that has it, so `T` is `Sync`; the last one drops the value wherever it is, so `T` is `Send`.
unsafe impl<N: Veil<Of: Send + Sync> + ?Sized> Send for CountedOf<N> {}
// SAFETY: as above; a reference to it can be cloned.
unsafe impl<N: Veil<Of: Send + Sync> + ?Sized> Sync for CountedOf<N> {}
impl<N: Veil<Of: RefUnwindSafe> + ?Sized> UnwindSafe for CountedOf<N> {}
impl<N: Veil<Of: RefUnwindSafe> + ?Sized> RefUnwindSafe for CountedOf<N> {}

impl<T> Counted<T> {
    /// What it takes on the heap, without what the value points to.
    pub const HEAP_BYTES: usize = size_of::<Inner<T>>();

    /// Shares a value, which one has so far.
    pub fn new(value: T) -> Self {
        let [one] = Counted::several(value);
        one
    }

    /// Shares a value among `N` from the start: the same as so many clones, and none of them is counted one by one.
    ///
    /// ```
    /// # use salvia_counted::Counted;
    /// let [one, other] = Counted::several(String::from("shared"));
    /// assert!(Counted::ptr_eq(&one, &other));
    /// assert_eq!(Counted::count(&one), 2);
    /// ```
    pub fn several<const N: usize>(value: T) -> [Self; N] {
        const { assert!(N > 0, "nobody would drop the value") };
        let count = Count::of(N as u32);
        let inner = NonNull::from(Box::leak(Box::new(Inner { count, value }))).cast();
        std::array::from_fn(|_| CountedOf {
            inner,
            of: PhantomData,
        })
    }

    /// Whether both are of the same value, not only of equal ones.
    pub fn ptr_eq(one: &Self, other: &Self) -> bool {
        one.inner == other.inner
    }

    /// How many share the value at this moment; others may drop or clone theirs in the next. No order with what they do is kept.
    pub fn count(this: &Self) -> usize {
        this.inner().count.now()
    }
}

impl<N: Veil + ?Sized> CountedOf<N> {
    #[inline]
    fn inner(&self) -> &Inner<N::Of> {
        let inner = self.inner.cast();
        // SAFETY: it was made from a box of that type, which lives until the last of those that are counted is dropped; this one is
        // not yet.
        unsafe { inner.as_ref() }
    }
}

impl<T> Clone for Counted<T> {
    #[inline]
    fn clone(&self) -> Self {
        self.inner().count.up();
        CountedOf {
            inner: self.inner,
            of: PhantomData,
        }
    }
}

impl<T> Deref for Counted<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        &self.inner().value
    }
}

impl<N: Veil + ?Sized> Drop for CountedOf<N> {
    #[inline]
    fn drop(&mut self) {
        // In a swap a reference may be counted for a reader that does not know of it yet, so what a look at the count says may
        // be out of date.
        if self.inner().count.down() {
            let inner = self.inner.cast::<Inner<N::Of>>();
            // SAFETY: it was made from such a box, and the count says that nobody else has it.
            drop(unsafe { Box::from_raw(inner.as_ptr()) });
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for Counted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

// SAFETY: what is shared stays at one address until as many were dropped as were made, and each of both is one operation on
// the count, as with an `Arc`; there is a count in it, so it is aligned to 4.
unsafe impl<T> ArcPtr for Counted<T> {
    #[inline]
    unsafe fn from_ptr(ptr: *mut ()) -> Self {
        CountedOf {
            // SAFETY: the caller has it from `into_ptr` or `as_ptr`, which give what is not null.
            inner: unsafe { NonNull::new_unchecked(ptr) },
            of: PhantomData,
        }
    }

    #[inline]
    fn into_ptr(arc: Self) -> *mut () {
        let ptr = Self::as_ptr(&arc);
        std::mem::forget(arc);
        ptr
    }

    #[inline]
    fn as_ptr(arc: &Self) -> *mut () {
        arc.inner.as_ptr()
    }
}

// SAFETY: a `NonNull` is never null.
unsafe impl<T> NonNullArcPtr for Counted<T> {}
