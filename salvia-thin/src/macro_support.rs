//! What code made by `#[thin_dyn]` calls. No part of the interface: call nothing of it by hand.
//!
//! # What the crate relies on
//!
//! Generated code has no `unsafe` in it, so that it compiles where `unsafe` is forbidden, and the functions it calls are
//! safe to call. They are sound in what the attribute writes, and in nothing else. It is this, for a trait `Trait` whose
//! methods with `&self` or `&mut self` and without `where Self: Sized` are `m0`, `m1`, ..:
//!
//! 1. `DynTrait::Plain` of `dyn Trait`, with whatever auto traits and lifetime, is `dyn Trait + 'static`, and that of other
//!    types is another.
//! 2. `Entries<C> for Plain` is implemented for `C: Trait`, and its entry at `i` is `<C as Trait>::mi`.
//! 3. `Upcast<C>` is implemented for `C: Trait` that have the auto traits written beside the trait, by way of `Pick`.
//! 4. `RemoveSend::Without` and `RemoveSync::Without` are `Self` without that auto trait.
//! 5. [`method`] is called with `INDEX = i` in the method `mi` of `impl Trait for Object<T>` where `T::Plain` is
//!    `dyn Trait`, whose signature is a copy of that in the trait; what it gives is called with [`shared`] or [`exclusive`]
//!    of that method's own `self`, by a pointer with the ABI of `mi`, with the parameters as they came, and its value is
//!    returned.
//!
//! # Why that is sound
//!
//! Take a call of `mi` on an object made from a `&'a C`.
//! The function called is `<C as Trait>::mi`, by 2, 5 and the invariants of `Object`.
//! The pointer it is called by has its signature, except for two things.
//! The receiver is a [`Shared`] or [`Exclusive`] instead of `&C` or `&mut C`: both are pointers to a `Sized` type in
//! `repr(transparent)` wrappers, and all such pointers are ABI-compatible. And it is an instance for the lifetimes of this
//! very call, which are erased before code is made for the function, so that there is one for all lifetimes; that the
//! signature holds for each of them is checked by the compiler at both ends, in the `impl` for `C` and in that for
//! `Object`, both of which have to conform to the one in the trait.
//! The receiver is valid as `&'s C`: it came from a reference to a `C` that is borrowed for `'a`, the object exists only
//! within `'a`, and `'s` is a borrow of the object. It keeps the permission of that reference over the whole value,
//! because no reference to anything smaller was made on the way. And it is valid as `&'s mut C`, because a `&mut Object`
//! comes from a `RefMut` only, which came from a `&mut C`.

use core::marker::PhantomData;
use core::ptr::NonNull;

use crate::kinds::DynTrait;
use crate::object::Object;

pub use crate::table::{Code, Entries, Methods, Pick, Shape, form};

/// A `&'s C` whose type is not known.
#[derive(Debug, Clone, Copy)]
#[repr(transparent)]
pub struct Shared<'s>(NonNull<()>, PhantomData<&'s ()>);

/// A `&'s mut C` whose type is not known.
#[derive(Debug)]
#[repr(transparent)]
pub struct Exclusive<'s>(NonNull<()>, PhantomData<&'s mut ()>);

/// The receiver of a method with `&self`.
#[inline]
pub fn shared<T: ?Sized + DynTrait>(object: &Object<T>) -> Shared<'_> {
    Shared(object.data(), PhantomData)
}

/// The receiver of a method with `&mut self`.
#[inline]
pub fn exclusive<T: ?Sized + DynTrait>(object: &mut Object<T>) -> Exclusive<'_> {
    Exclusive(object.data(), PhantomData)
}

/// The method at `INDEX`, as a pointer to a function. What `F` has to be is said above.
#[inline]
pub fn method<const INDEX: usize, T: ?Sized + DynTrait, F: Copy>(object: &Object<T>) -> F {
    // SAFETY: `F` and `INDEX` are as said above, and why `F` fits the function then is said there too.
    unsafe { object.code::<INDEX>().typed() }
}
