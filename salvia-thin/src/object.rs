//! What thin references deref to: the type that implements the trait.
//!
//! Invariants: an [`Object`] is made by [`Ref`] and [`RefMut`] only, is never moved out of them, and is seen by others
//! only behind references, as the unsized form. Its handle was made for the type that `data` points to. A `&mut Object`
//! comes from a `RefMut` only.

use core::marker::PhantomData;
use core::ptr::NonNull;

#[cfg(doc)]
use crate::{Ref, RefMut};

use crate::kinds::{DynTrait, Handle, Upcast};
use crate::table::{Code, Shape};

/// The target of thin references, which implements the trait by calling the concrete type.
///
/// `Object<dyn Trait>: Trait`, and the same with `Send` and `Sync`; [`Ref`] and [`RefMut`] deref to it.
/// It is not a `dyn Trait`, and not the concrete value either, but a pointer to it and its methods.
/// So it can be passed as `&(impl Trait + ?Sized)`, at the price of a second pointer on the way, but:
///
/// - it is not `Sized`: methods with `where Self: Sized` are not callable, and two objects cannot be swapped;
/// - [`size_of_val`] and [`align_of_val`] describe the pointers, 8 or 16 bytes aligned to 8 where pointers have 8, and say
///   nothing about the concrete value;
/// - the trait has to be in scope where its methods are called.
///
/// ```
/// use salvia_thin::{Ref, thin_dyn};
///
/// #[thin_dyn]
/// trait Shape {
///     fn area(&self) -> u64;
///     fn corners(&self) -> u64;
/// }
///
/// struct Square(u64);
///
/// impl Shape for Square {
///     fn area(&self) -> u64 {
///         self.0 * self.0
///     }
///     fn corners(&self) -> u64 {
///         4
///     }
/// }
///
/// fn describe(shape: &(impl Shape + ?Sized)) -> String {
///     format!("{} corners around {}", shape.corners(), shape.area())
/// }
///
/// let square: Ref<dyn Shape> = Ref::new(&Square(3));
/// assert_eq!(describe(&*square), "4 corners around 9");
/// assert_eq!(size_of_val(&*square), 2 * size_of::<usize>());
/// ```
///
/// The second parameter is what makes it unsized; there is no need to write it.
#[repr(C)]
pub struct Object<T: ?Sized + DynTrait, Tail: ?Sized = [()]> {
    data: NonNull<()>,
    handle: Handle<T>,
    // Whether it can be sent and shared is said by hand, in `auto`; nothing else depends on `T`.
    kind: PhantomData<fn() -> T>,
    // References to `Object<T, [(); 0]>` coerce to `Object<T, [()]>`.
    tail: Tail,
}

impl<T: ?Sized + DynTrait> Object<T, [(); 0]> {
    /// A pointer to a concrete value, and its methods.
    pub(crate) const fn new<C>(data: NonNull<C>) -> Self
    where
        T: Upcast<C>,
    {
        Self::from_parts(data.cast(), T::HANDLE)
    }

    /// The same value and methods, seen as another trait object of the same trait.
    pub(crate) const fn seen_as<U>(self) -> Object<U, [(); 0]>
    where
        U: ?Sized + DynTrait<Plain = T::Plain, Shape = T::Shape>,
    {
        Object::from_parts(self.data, self.handle)
    }

    const fn from_parts(data: NonNull<()>, handle: Handle<T>) -> Self {
        Self {
            data,
            handle,
            kind: PhantomData,
            tail: [],
        }
    }
}

impl<T: ?Sized + DynTrait> Object<T> {
    pub(crate) fn data(&self) -> NonNull<()> {
        self.data
    }

    #[inline]
    pub(crate) fn code<const INDEX: usize>(&self) -> Code {
        const { assert!(INDEX < T::METHODS, "no such method") };
        // SAFETY: the handle was made from the entries of a type, which are as many as `METHODS`, and `INDEX` is less.
        unsafe { T::Shape::code(self.handle, INDEX) }
    }
}

/// Only the sized form can be copied, which is inside of references only.
impl<T: ?Sized + DynTrait> Clone for Object<T, [(); 0]> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized + DynTrait> Copy for Object<T, [(); 0]> {}
