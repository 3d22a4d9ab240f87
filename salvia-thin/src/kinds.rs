//! What `#[thin_dyn]` implements: which trait objects have a thin form, and of what.
//!
//! Nobody implements these by hand. The hidden items say how the thin form is laid out, and `macro_support` says what
//! has to be true of them.

use crate::table::Shape;

/// Trait objects that have a thin form: `dyn Trait` for each trait with `#[thin_dyn]`, with and without `Send` and `Sync`.
///
/// Only the attribute implements it.
/// As a bound, it is what [`Ref`](crate::Ref) and [`RefMut`](crate::RefMut) ask of their parameter:
///
/// ```
/// use salvia_thin::{DynTrait, Ref, thin_dyn};
///
/// struct Listeners<'a, T: ?Sized + DynTrait> {
///     all: Vec<Ref<'a, T>>,
/// }
///
/// #[thin_dyn]
/// trait Listener {
///     fn hear(&self, word: &str) -> usize;
/// }
///
/// impl Listener for u8 {
///     fn hear(&self, word: &str) -> usize {
///         word.len() + usize::from(*self)
///     }
/// }
///
/// let listeners: Listeners<'_, dyn Listener> = Listeners { all: vec![Ref::new(&1), Ref::new(&2)] };
/// assert_eq!(listeners.all.iter().map(|one| one.hear("abc")).sum::<usize>(), 9);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no thin form",
    label = "only `dyn Trait` with `#[thin_dyn]` on the trait has one",
    note = "put `#[thin_dyn]` on the trait; beside it a thin object may have `Send` and `Sync`"
)]
pub trait DynTrait {
    /// The same trait object without `Send`, `Sync` and its lifetime.
    #[doc(hidden)]
    type Plain: ?Sized;
    /// Where the addresses of the methods are.
    #[doc(hidden)]
    type Shape: Shape;
    /// How many methods can be called.
    #[doc(hidden)]
    const METHODS: usize;
}

/// Trait objects that a `C` can be seen as: `dyn Trait` for each `C: Trait`, and with `Send` or `Sync` where `C` has it.
///
/// Only `#[thin_dyn]` implements it.
/// As a bound, it allows generic code to make a [`Ref`](crate::Ref):
///
/// ```
/// use salvia_thin::{Ref, Upcast};
///
/// fn all<C, T: ?Sized + Upcast<C>>(concrete: &[C]) -> Vec<Ref<'_, T>> {
///     concrete.iter().map(Ref::new).collect()
/// }
/// # #[salvia_thin::thin_dyn]
/// # trait Number { fn value(&self) -> u32; }
/// # impl Number for u32 { fn value(&self) -> u32 { *self } }
/// # assert_eq!(all::<_, dyn Number>(&[1, 2])[1].value(), 2);
/// ```
#[diagnostic::on_unimplemented(message = "`{C}` cannot be seen as `{Self}`")]
pub trait Upcast<C>: DynTrait {
    /// The methods of `C`.
    #[doc(hidden)]
    const HANDLE: Handle<Self>;
}

/// Trait objects with `Send`, which can be taken off them.
///
/// Only `#[thin_dyn]` implements it; [`Ref::remove_send`](crate::Ref::remove_send) uses it.
#[diagnostic::on_unimplemented(message = "`{Self}` has no `Send` that could be removed")]
pub trait RemoveSend: DynTrait {
    /// The trait object without `Send`.
    type Without: ?Sized + DynTrait<Plain = Self::Plain, Shape = Self::Shape>;
}

/// Trait objects with `Sync`, which can be taken off them.
///
/// Only `#[thin_dyn]` implements it; [`Ref::remove_sync`](crate::Ref::remove_sync) uses it.
#[diagnostic::on_unimplemented(message = "`{Self}` has no `Sync` that could be removed")]
pub trait RemoveSync: DynTrait {
    /// The trait object without `Sync`.
    type Without: ?Sized + DynTrait<Plain = Self::Plain, Shape = Self::Shape>;
}

/// What stands beside the data pointer of a thin reference.
pub(crate) type Handle<T> = <<T as DynTrait>::Shape as Shape>::Handle;
