//! An `Arc` that does not show what it points to.

use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::ptr::NonNull;
use std::sync::{Arc, Weak};

use crate::veil::{Veil, Veiled};

/// An `Arc<T>` that is not described as one of `T`, which keeps debug information short.
///
/// ```
/// use salvia_counted::{VeiledArc, VeiledWeak};
///
/// struct Node {
///     itself: VeiledWeak<Node>,
/// }
///
/// let one = VeiledArc::new_cyclic(|itself| Node { itself: itself.clone() });
/// let other = one.itself.upgrade().expect("it is there");
/// assert_eq!(VeiledArc::as_ptr(&one), VeiledArc::as_ptr(&other));
/// let weak = VeiledArc::downgrade(&one);
/// drop((one, other));
/// assert!(weak.upgrade().is_none());
/// ```
///
/// It goes to other threads if its value does:
///
/// ```compile_fail
/// fn is_sync<T: Sync>() {}
/// is_sync::<salvia_counted::VeiledArc<std::cell::Cell<u8>>>();
/// ```
pub type VeiledArc<T> = ArcOf<Veiled<T>>;

/// A `Weak<T>` that is not described as one of `T`.
///
/// ```compile_fail
/// fn is_send<T: Send>() {}
/// is_send::<salvia_counted::VeiledWeak<std::cell::Cell<u8>>>();
/// ```
pub type VeiledWeak<T> = WeakOf<Veiled<T>>;

/// A [`VeiledArc`], by the name of its type.
pub struct ArcOf<N: Veil + ?Sized> {
    /// From an `Arc` of the type.
    value: NonNull<()>,
    of: PhantomData<*const N>,
}

/// A [`VeiledWeak`], by the name of its type.
pub struct WeakOf<N: Veil + ?Sized> {
    /// From a `Weak` of the type; it may dangle.
    value: *const (),
    of: PhantomData<*const N>,
}

// SAFETY: it is an `Arc` of the type, and goes where that may go.
unsafe impl<N: Veil<Of: Send + Sync> + ?Sized> Send for ArcOf<N> {}
// SAFETY: as above.
unsafe impl<N: Veil<Of: Send + Sync> + ?Sized> Sync for ArcOf<N> {}
impl<N: Veil<Of: RefUnwindSafe> + ?Sized> UnwindSafe for ArcOf<N> {}
impl<N: Veil<Of: RefUnwindSafe> + ?Sized> RefUnwindSafe for ArcOf<N> {}

// SAFETY: it is a `Weak` of the type, and goes where that may go.
unsafe impl<N: Veil<Of: Send + Sync> + ?Sized> Send for WeakOf<N> {}
// SAFETY: as above.
unsafe impl<N: Veil<Of: Send + Sync> + ?Sized> Sync for WeakOf<N> {}
impl<N: Veil<Of: RefUnwindSafe> + ?Sized> UnwindSafe for WeakOf<N> {}
impl<N: Veil<Of: RefUnwindSafe> + ?Sized> RefUnwindSafe for WeakOf<N> {}

impl<T> VeiledArc<T> {
    /// Shares a value that is made with a pointer to itself, which leads to nothing before it is there.
    pub fn new_cyclic(make: impl FnOnce(&VeiledWeak<T>) -> T) -> Self {
        Arc::new_cyclic(|weak| make(&weak.clone().into())).into()
    }

    /// A pointer that does not keep the value.
    pub fn downgrade(this: &Self) -> VeiledWeak<T> {
        this.with(Arc::downgrade).into()
    }

    /// Where the value is.
    #[inline]
    pub fn as_ptr(this: &Self) -> *const T {
        this.value.as_ptr().cast()
    }
}

impl<T> VeiledWeak<T> {
    /// The value, if it is still there.
    pub fn upgrade(&self) -> Option<VeiledArc<T>> {
        self.with(Weak::upgrade).map(VeiledArc::from)
    }
}

impl<N: Veil + ?Sized> ArcOf<N> {
    /// Does something with the `Arc` that it is.
    #[inline]
    fn with<R>(&self, work: impl FnOnce(&Arc<N::Of>) -> R) -> R {
        let value = self.value.as_ptr().cast();
        // SAFETY: it is from such an `Arc`, whose count this one goes on to be.
        work(&ManuallyDrop::new(unsafe { Arc::from_raw(value) }))
    }
}

impl<N: Veil + ?Sized> WeakOf<N> {
    /// Does something with the `Weak` that it is.
    fn with<R>(&self, work: impl FnOnce(&Weak<N::Of>) -> R) -> R {
        // SAFETY: it is from such a `Weak`, whose count this one goes on to be.
        work(&ManuallyDrop::new(unsafe {
            Weak::from_raw(self.value.cast())
        }))
    }
}

impl<T> From<Arc<T>> for VeiledArc<T> {
    #[inline]
    fn from(arc: Arc<T>) -> Self {
        // SAFETY: an `Arc` is never null.
        let value = unsafe { NonNull::new_unchecked(Arc::into_raw(arc).cast_mut()) };
        ArcOf {
            value: value.cast(),
            of: PhantomData,
        }
    }
}

impl<T> From<Weak<T>> for VeiledWeak<T> {
    fn from(weak: Weak<T>) -> Self {
        WeakOf {
            value: weak.into_raw().cast(),
            of: PhantomData,
        }
    }
}

impl<T> Default for VeiledWeak<T> {
    /// One that leads to nothing.
    fn default() -> Self {
        Weak::new().into()
    }
}

impl<T> Deref for VeiledArc<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        let value = self.value.cast();
        // SAFETY: it is from an `Arc` of that type, which this one keeps.
        unsafe { value.as_ref() }
    }
}

impl<T> Clone for VeiledArc<T> {
    #[inline]
    fn clone(&self) -> Self {
        self.with(Arc::clone).into()
    }
}

impl<T> Clone for VeiledWeak<T> {
    fn clone(&self) -> Self {
        self.with(Weak::clone).into()
    }
}

impl<N: Veil + ?Sized> Drop for ArcOf<N> {
    #[inline]
    fn drop(&mut self) {
        let value = self.value.as_ptr().cast::<N::Of>();
        // SAFETY: it is from such an `Arc`, whose count nobody uses after this.
        drop(unsafe { Arc::from_raw(value) });
    }
}

impl<N: Veil + ?Sized> Drop for WeakOf<N> {
    fn drop(&mut self) {
        let value = self.value.cast::<N::Of>();
        // SAFETY: it is from such a `Weak`, whose count nobody uses after this.
        drop(unsafe { Weak::from_raw(value) });
    }
}
