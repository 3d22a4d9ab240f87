//! A shared value of any type behind one pointer.

use std::any::TypeId;
use std::borrow::Borrow;
use std::marker::PhantomData;
use std::ops::Deref;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::ptr::NonNull;

use crate::count::Count;
use crate::veil::{Veil, Veiled};

struct Type {
    id: TypeId,
    /// Of the value with its head.
    size: usize,
    /// For the last one who has it.
    free: unsafe fn(NonNull<Head>),
}

#[repr(C)]
struct Head {
    count: Count,
    of: &'static Type,
}

/// Begins with the head, so that a pointer to it is one to the head.
#[repr(C)]
struct Whole<V> {
    head: Head,
    value: V,
}

/// A shared value of any type: an `Arc<dyn Any + Send + Sync>` of one pointer. A clone shares it.
///
/// ```
/// use salvia_counted::ThinAny;
///
/// let value = ThinAny::new(String::from("any"));
/// assert_eq!(value.get::<String>().map(String::as_str), Some("any"));
/// assert!(value.get::<u64>().is_none());
/// ```
///
/// The value has to be one for any thread:
///
/// ```compile_fail
/// salvia_counted::ThinAny::new(std::rc::Rc::new(7));
/// ```
pub struct ThinAny(NonNull<Head>);

// SAFETY: the value is `Send` and `Sync`, which `new` asks for.
unsafe impl Send for ThinAny {}
// SAFETY: as above; a reference to it can be cloned.
unsafe impl Sync for ThinAny {}

impl ThinAny {
    /// Shares a value, which one has so far.
    pub fn new<V: Send + Sync + 'static>(value: V) -> Self {
        ThinAny(shared(value, 1))
    }

    /// The value, if it is of this type.
    #[inline]
    pub fn get<V: 'static>(&self) -> Option<&V> {
        self.is_of::<V>().then(|| {
            let whole = self.0.cast::<Whole<V>>();
            // SAFETY: `new` noted the type of the value it made this with; it lives as long as this one.
            let whole = unsafe { whole.as_ref() };
            &whole.value
        })
    }

    /// A pointer that knows the type, if it is this one.
    pub fn typed<V: 'static>(self) -> Result<Thin<V>, Self> {
        if self.is_of::<V>() {
            Ok(ThinOf {
                any: self,
                of: PhantomData,
            })
        } else {
            Err(self)
        }
    }

    /// What it takes on the heap, without what the value points to.
    pub fn heap_bytes(&self) -> usize {
        self.head().of.size
    }

    #[inline]
    fn is_of<V: 'static>(&self) -> bool {
        self.head().of.id == TypeId::of::<V>()
    }

    #[inline]
    fn head(&self) -> &Head {
        // SAFETY: it was made from a box, which lives until the last of those that are counted is dropped; this one is not yet.
        unsafe { self.0.as_ref() }
    }
}

/// A value that so many share from the start.
fn shared<V: Send + Sync + 'static>(value: V, references: u32) -> NonNull<Head> {
    let head = Head {
        count: Count::of(references),
        of: const {
            &Type {
                id: TypeId::of::<V>(),
                size: size_of::<Whole<V>>(),
                free: free::<V>,
            }
        },
    };
    NonNull::from(Box::leak(Box::new(Whole { head, value }))).cast()
}

impl Clone for ThinAny {
    #[inline]
    fn clone(&self) -> Self {
        self.head().count.up();
        ThinAny(self.0)
    }
}

impl Drop for ThinAny {
    #[inline]
    fn drop(&mut self) {
        if self.head().count.down_or_alone() {
            let free = self.head().of.free;
            // SAFETY: it is the one for the type of the value; the count says that nobody else has it.
            unsafe { free(self.0) };
        }
    }
}

/// # Safety
///
/// The head is that of a `Whole<V>` in a box, which nobody uses any more.
unsafe fn free<V>(head: NonNull<Head>) {
    // SAFETY: as the caller says.
    drop(unsafe { Box::from_raw(head.cast::<Whole<V>>().as_ptr()) });
}

/// A [`ThinAny`] whose type is known: an `Arc<V>` that can be made from one.
///
/// ```compile_fail
/// fn is_send<T: Send>() {}
/// is_send::<salvia_counted::Thin<std::cell::Cell<u8>>>();
/// ```
pub type Thin<V> = ThinOf<Veiled<V>>;

/// A [`Thin`], by the name of its type.
pub struct ThinOf<N: Veil + ?Sized> {
    any: ThinAny,
    of: PhantomData<*const N>,
}

// It can be sent, shared and unwound through as an `Arc` can.
// SAFETY: the value is `Send` and `Sync`, or there would be no `ThinAny` of it.
unsafe impl<N: Veil<Of: Send + Sync> + ?Sized> Send for ThinOf<N> {}
// SAFETY: as above; a reference to it can be cloned.
unsafe impl<N: Veil<Of: Send + Sync> + ?Sized> Sync for ThinOf<N> {}
impl<N: Veil<Of: RefUnwindSafe> + ?Sized> UnwindSafe for ThinOf<N> {}
impl<N: Veil<Of: RefUnwindSafe> + ?Sized> RefUnwindSafe for ThinOf<N> {}

impl<V: Send + Sync + 'static> Thin<V> {
    /// Shares a value, which one has so far.
    pub fn new(value: V) -> Self {
        let [one] = Thin::several(value);
        one
    }

    /// Shares a value among `N` from the start: the same as so many clones, and none of them is counted one by one.
    ///
    /// ```
    /// # use salvia_counted::Thin;
    /// let [one, other] = Thin::several(String::from("shared"));
    /// assert!(Thin::ptr_eq(&one, &other));
    /// assert_eq!(Thin::count(&one), 2);
    /// ```
    pub fn several<const N: usize>(value: V) -> [Self; N] {
        const { assert!(N > 0, "nobody would drop the value") };
        let head = shared(value, N as u32);
        std::array::from_fn(|_| ThinOf {
            any: ThinAny(head),
            of: PhantomData,
        })
    }
}

impl<V> Thin<V> {
    /// The same pointer without its type.
    pub fn erased(this: Self) -> ThinAny {
        this.any
    }

    /// The value, if nobody else shares it.
    ///
    /// ```
    /// # use salvia_counted::Thin;
    /// let (one, other) = (Thin::new(7), Thin::new(8));
    /// let second = other.clone();
    /// assert_eq!(Thin::try_unwrap(one).ok(), Some(7));
    /// assert!(Thin::try_unwrap(other).is_err());
    /// assert_eq!(Thin::try_unwrap(second).ok(), Some(8));
    /// ```
    pub fn try_unwrap(this: Self) -> Result<V, Self> {
        if !this.any.head().count.is_alone() {
            return Err(this);
        }
        let whole = this.any.0.cast::<Whole<V>>();
        std::mem::forget(this);
        // SAFETY: `typed` made it from a pointer to such a value in a box; the count says that nobody else has it.
        Ok(unsafe { Box::from_raw(whole.as_ptr()) }.value)
    }

    /// Whether nobody else shares the value. If so, all that others did to it has been done.
    pub fn is_alone(this: &Self) -> bool {
        this.any.head().count.is_alone()
    }

    /// How many share the value at this moment; others may drop or clone theirs in the next. No order with what they do is kept.
    pub fn count(this: &Self) -> usize {
        this.any.head().count.now()
    }

    /// Whether both are of the same value, not only of equal ones.
    pub fn ptr_eq(one: &Self, other: &Self) -> bool {
        one.any.0 == other.any.0
    }
}

impl<V> Clone for Thin<V> {
    fn clone(&self) -> Self {
        ThinOf {
            any: self.any.clone(),
            of: PhantomData,
        }
    }
}

impl<V> Deref for Thin<V> {
    type Target = V;

    #[inline]
    fn deref(&self) -> &V {
        let whole = self.any.0.cast::<Whole<V>>();
        // SAFETY: `typed` made it from a pointer to such a value; it lives as long as this one.
        let whole = unsafe { whole.as_ref() };
        &whole.value
    }
}

impl<V> Borrow<V> for Thin<V> {
    fn borrow(&self) -> &V {
        self
    }
}
