//! When thin references can be sent, shared, moved and kept across a panic: exactly when ordinary ones can.
//!
//! All depends on the trait object `T`. It has an auto trait if the trait asks for it or if it is written beside the
//! trait, and then every `C` with `T: Upcast<C>` has it, because `#[thin_dyn]` implements `Upcast<C>` only for `C` that
//! implement the trait and what is written beside it.

use core::panic::{RefUnwindSafe, UnwindSafe};

use crate::kinds::DynTrait;
use crate::object::Object;
use crate::refs::{Ref, RefMut};

// SAFETY: an object stands for the concrete value behind it: `&mut Object` gives `&mut C`, nothing gives more. Sending it is
// sending the value, which `T: Send` allows. The table is static and never written.
unsafe impl<T: ?Sized + DynTrait + Send, Tail: ?Sized> Send for Object<T, Tail> {}

// SAFETY: `&Object` gives `&C` and nothing else, and `T: Sync` allows to share the value.
unsafe impl<T: ?Sized + DynTrait + Sync, Tail: ?Sized> Sync for Object<T, Tail> {}

// SAFETY: a `Ref` is a `&C`, which can be sent if `C: Sync`.
unsafe impl<T: ?Sized + DynTrait + Sync> Send for Ref<'_, T> {}

// SAFETY: `&Ref` gives copies of the `&C` in it, which can be shared if `C: Sync`.
unsafe impl<T: ?Sized + DynTrait + Sync> Sync for Ref<'_, T> {}

// SAFETY: a `RefMut` is a `&mut C`, which can be sent if `C: Send`.
unsafe impl<T: ?Sized + DynTrait + Send> Send for RefMut<'_, T> {}

// SAFETY: `&RefMut` gives `&C` and nothing more, which can be shared if `C: Sync`.
unsafe impl<T: ?Sized + DynTrait + Sync> Sync for RefMut<'_, T> {}

impl<T: ?Sized + DynTrait + UnwindSafe, Tail: ?Sized> UnwindSafe for Object<T, Tail> {}
impl<T: ?Sized + DynTrait + RefUnwindSafe, Tail: ?Sized> RefUnwindSafe for Object<T, Tail> {}
impl<T: ?Sized + DynTrait + RefUnwindSafe> UnwindSafe for Ref<'_, T> {}
impl<T: ?Sized + DynTrait + RefUnwindSafe> RefUnwindSafe for Ref<'_, T> {}
impl<T: ?Sized + DynTrait + RefUnwindSafe> RefUnwindSafe for RefMut<'_, T> {}
