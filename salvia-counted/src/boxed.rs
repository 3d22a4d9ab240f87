//! A box that does not show what is in it.

use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::ptr::NonNull;

use crate::veil::{Veil, Veiled};

/// A `Box<T>` that is not described as one of `T`, which keeps debug information short.
///
/// ```
/// use salvia_counted::VeiledBox;
///
/// let mut kept = VeiledBox::new(vec![1, 2]);
/// kept.push(3);
/// assert_eq!(*kept, [1, 2, 3]);
/// ```
///
/// It goes to other threads if its value does:
///
/// ```compile_fail
/// fn is_send<T: Send>() {}
/// is_send::<salvia_counted::VeiledBox<std::rc::Rc<u8>>>();
/// ```
pub type VeiledBox<T> = BoxOf<Veiled<T>>;

/// A [`VeiledBox`], by the name of its type.
pub struct BoxOf<N: Veil + ?Sized> {
    /// From a `Box` of the type.
    value: NonNull<()>,
    of: PhantomData<*const N>,
}

// SAFETY: it is a `Box` of the type, and goes where that may go.
unsafe impl<N: Veil<Of: Send> + ?Sized> Send for BoxOf<N> {}
// SAFETY: as above.
unsafe impl<N: Veil<Of: Sync> + ?Sized> Sync for BoxOf<N> {}
impl<N: Veil<Of: UnwindSafe> + ?Sized> UnwindSafe for BoxOf<N> {}
impl<N: Veil<Of: RefUnwindSafe> + ?Sized> RefUnwindSafe for BoxOf<N> {}

impl<T> VeiledBox<T> {
    /// Puts a value in a box.
    pub fn new(value: T) -> Self {
        BoxOf {
            value: NonNull::from(Box::leak(Box::new(value))).cast(),
            of: PhantomData,
        }
    }
}

impl<T> Deref for VeiledBox<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        let value = self.value.cast();
        // SAFETY: it is from a box of that type, which is this one's alone and lent with it.
        unsafe { value.as_ref() }
    }
}

impl<T> DerefMut for VeiledBox<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        let mut value = self.value.cast();
        // SAFETY: as above.
        unsafe { value.as_mut() }
    }
}

impl<N: Veil + ?Sized> Drop for BoxOf<N> {
    fn drop(&mut self) {
        let value = self.value.cast::<N::Of>();
        // SAFETY: it is from a box of that type, which nobody uses after this.
        drop(unsafe { Box::from_raw(value.as_ptr()) });
    }
}
