//! The references: `Ref` for `&dyn Trait`, `RefMut` for `&mut dyn Trait`.
//!
//! Both are an [`Object`] in its sized form and the borrow it stands for. `Ref` is covariant in its lifetime.
//!
//! They implement as few traits as they can: where a user's trait is implemented for all types with, say, `Debug`, a call
//! on a reference that has `Debug` would be a call of the reference's own method and not reach the value.

use core::marker::PhantomData;
use core::ops::{Deref, DerefMut};
use core::ptr::NonNull;

use crate::kinds::{DynTrait, RemoveSend, RemoveSync, Upcast};
use crate::object::Object;

/// A shared reference to a value of any type that implements a trait: a thin `&dyn Trait`.
///
/// The trait has [`#[thin_dyn]`](macro@crate::thin_dyn), and its methods are called as on the value itself.
///
/// ```
/// use salvia_thin::{Ref, thin_dyn};
///
/// #[thin_dyn]
/// trait Animal {
///     fn name(&self) -> &str;
///     fn legs(&self) -> u32 {
///         4
///     }
/// }
///
/// struct Dog {
///     name: String,
/// }
/// struct Bird;
///
/// impl Animal for Dog {
///     fn name(&self) -> &str {
///         &self.name
///     }
/// }
/// impl Animal for Bird {
///     fn name(&self) -> &str {
///         "bird"
///     }
///     fn legs(&self) -> u32 {
///         2
///     }
/// }
///
/// let dog = Dog { name: "Rex".to_owned() };
/// let mut animal: Ref<dyn Animal> = Ref::new(&dog);
/// assert_eq!((animal.name(), animal.legs()), ("Rex", 4));
/// animal = Ref::new(&Bird);
/// assert_eq!((animal.name(), animal.legs()), ("bird", 2));
/// ```
///
/// Methods that take `&mut self` need a [`RefMut`]:
///
/// ```compile_fail,E0596
/// # use salvia_thin::{Ref, thin_dyn};
/// #[thin_dyn]
/// trait Counter {
///     fn count(&mut self);
/// }
/// # impl Counter for u8 { fn count(&mut self) {} }
///
/// let counter: Ref<dyn Counter> = Ref::new(&0);
/// counter.count();
/// ```
///
/// # Size
///
/// Two words, and one if the trait has no methods; `Option<Ref<T>>` has the same size.
/// With one method the second word is its address, with more the address of a table of them.
///
/// # Threads
///
/// As `&T`: a `Ref` can be sent and shared if the trait object is `Sync`, as in `Ref<dyn Trait + Sync>`.
/// [`new`](Self::new) then asks it of the value.
///
/// # Lifetimes
///
/// `Ref<'a, dyn Trait>` is short for `Ref<'a, dyn Trait + 'static>`. The value may borrow all the same, for at least `'a`;
/// that a value is `'static` is never concluded from the type of a reference to it.
#[repr(transparent)]
pub struct Ref<'a, T: ?Sized + DynTrait> {
    object: Object<T, [(); 0]>,
    borrow: PhantomData<&'a T>,
}

impl<'a, T: ?Sized + DynTrait> Ref<'a, T> {
    /// Borrows a value as a `T`.
    ///
    /// It is a `const fn`, so references can be in statics:
    ///
    /// ```
    /// use salvia_thin::{Ref, thin_dyn};
    ///
    /// #[thin_dyn]
    /// trait Log {
    ///     fn log(&self, line: &str) -> usize;
    /// }
    ///
    /// struct Console;
    ///
    /// impl Log for Console {
    ///     fn log(&self, line: &str) -> usize {
    ///         line.len()
    ///     }
    /// }
    ///
    /// static LOG: Ref<'static, dyn Log + Sync> = Ref::new(&Console);
    /// assert_eq!(LOG.log("up"), 2);
    /// ```
    #[must_use]
    pub const fn new<C>(value: &'a C) -> Self
    where
        T: Upcast<C>,
    {
        Self::of(Object::new(NonNull::from_ref(value)))
    }

    /// Forgets that the value is `Send`.
    ///
    /// ```
    /// # use salvia_thin::{Ref, thin_dyn};
    /// # #[thin_dyn]
    /// # trait Number { fn value(&self) -> u8; }
    /// # impl Number for u8 { fn value(&self) -> u8 { *self } }
    /// let number: Ref<dyn Number + Send + Sync> = Ref::new(&7);
    /// let number: Ref<dyn Number + Sync> = number.remove_send();
    /// assert_eq!(number.value(), 7);
    /// ```
    #[must_use]
    pub const fn remove_send(self) -> Ref<'a, T::Without>
    where
        T: RemoveSend,
    {
        Ref::of(self.object.seen_as())
    }

    /// Forgets that the value is `Sync`.
    ///
    /// ```
    /// # use salvia_thin::{Ref, thin_dyn};
    /// # #[thin_dyn]
    /// # trait Number { fn value(&self) -> u8; }
    /// # impl Number for u8 { fn value(&self) -> u8 { *self } }
    /// let number: Ref<dyn Number + Sync> = Ref::new(&7);
    /// let number: Ref<dyn Number> = number.remove_sync();
    /// assert_eq!(number.value(), 7);
    /// ```
    #[must_use]
    pub const fn remove_sync(self) -> Ref<'a, T::Without>
    where
        T: RemoveSync,
    {
        Ref::of(self.object.seen_as())
    }

    const fn of(object: Object<T, [(); 0]>) -> Self {
        Self {
            object,
            borrow: PhantomData,
        }
    }
}

impl<T: ?Sized + DynTrait> Deref for Ref<'_, T> {
    type Target = Object<T>;

    #[inline]
    fn deref(&self) -> &Object<T> {
        &self.object
    }
}

impl<T: ?Sized + DynTrait> Clone for Ref<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized + DynTrait> Copy for Ref<'_, T> {}

/// An exclusive reference to a value of any type that implements a trait: a thin `&mut dyn Trait`.
///
/// All methods of the trait can be called.
///
/// ```
/// use salvia_thin::{RefMut, thin_dyn};
///
/// #[thin_dyn]
/// trait Counter {
///     fn count(&mut self, by: u32);
///     fn total(&self) -> u32;
/// }
///
/// impl Counter for u32 {
///     fn count(&mut self, by: u32) {
///         *self += by;
///     }
///     fn total(&self) -> u32 {
///         *self
///     }
/// }
///
/// let mut total = 1;
/// let mut counter: RefMut<dyn Counter> = RefMut::new(&mut total);
/// counter.count(2);
/// assert_eq!(counter.total(), 3);
/// assert_eq!(total, 3);
/// ```
///
/// Size and lifetimes are those of [`Ref`].
/// As `&mut T` it can be sent if the trait object is `Send`, and shared if it is `Sync`.
#[repr(transparent)]
pub struct RefMut<'a, T: ?Sized + DynTrait> {
    object: Object<T, [(); 0]>,
    borrow: PhantomData<&'a mut T>,
}

impl<'a, T: ?Sized + DynTrait> RefMut<'a, T> {
    /// Borrows a value as a `T`, exclusively.
    #[must_use]
    pub const fn new<C>(value: &'a mut C) -> Self
    where
        T: Upcast<C>,
    {
        Self::of(Object::new(NonNull::from_mut(value)))
    }

    /// Borrows from this reference; it can be used again when the borrow is over.
    ///
    /// ```
    /// # use salvia_thin::{RefMut, thin_dyn};
    /// # #[thin_dyn]
    /// # trait Counter { fn count(&mut self); }
    /// # impl Counter for u32 { fn count(&mut self) { *self += 1; } }
    /// fn twice(mut counter: RefMut<dyn Counter>) {
    ///     counter.count();
    ///     counter.count();
    /// }
    ///
    /// let mut total = 0;
    /// let mut counter: RefMut<dyn Counter> = RefMut::new(&mut total);
    /// twice(counter.as_mut());
    /// twice(counter.as_mut());
    /// assert_eq!(total, 4);
    /// ```
    #[must_use]
    pub const fn as_mut(&mut self) -> RefMut<'_, T> {
        RefMut::of(self.object)
    }

    /// Borrows from this reference as a shared one, for as long as `&self` lives.
    ///
    /// `Ref::from` keeps the whole lifetime, and takes this reference for it.
    ///
    /// ```
    /// # use salvia_thin::{Ref, RefMut, thin_dyn};
    /// # #[thin_dyn]
    /// # trait Number { fn value(&self) -> u8; fn set(&mut self, to: u8); }
    /// # impl Number for u8 { fn value(&self) -> u8 { *self } fn set(&mut self, to: u8) { *self = to } }
    /// fn sum(a: Ref<dyn Number>, b: Ref<dyn Number>) -> u8 {
    ///     a.value() + b.value()
    /// }
    ///
    /// let mut number = 1;
    /// let mut number: RefMut<dyn Number> = RefMut::new(&mut number);
    /// assert_eq!(sum(number.as_ref(), number.as_ref()), 2);
    /// number.set(3);
    /// assert_eq!(Ref::from(number).value(), 3);
    /// ```
    #[must_use]
    pub const fn as_ref(&self) -> Ref<'_, T> {
        Ref::of(self.object)
    }

    /// Forgets that the value is `Send`; see [`Ref::remove_send`].
    #[must_use]
    pub const fn remove_send(self) -> RefMut<'a, T::Without>
    where
        T: RemoveSend,
    {
        RefMut::of(self.object.seen_as())
    }

    /// Forgets that the value is `Sync`; see [`Ref::remove_sync`].
    #[must_use]
    pub const fn remove_sync(self) -> RefMut<'a, T::Without>
    where
        T: RemoveSync,
    {
        RefMut::of(self.object.seen_as())
    }

    const fn of(object: Object<T, [(); 0]>) -> Self {
        Self {
            object,
            borrow: PhantomData,
        }
    }
}

impl<T: ?Sized + DynTrait> Deref for RefMut<'_, T> {
    type Target = Object<T>;

    #[inline]
    fn deref(&self) -> &Object<T> {
        &self.object
    }
}

impl<T: ?Sized + DynTrait> DerefMut for RefMut<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut Object<T> {
        &mut self.object
    }
}

impl<'a, T: ?Sized + DynTrait> From<RefMut<'a, T>> for Ref<'a, T> {
    fn from(exclusive: RefMut<'a, T>) -> Self {
        Self::of(exclusive.object)
    }
}
