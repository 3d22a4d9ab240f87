//! What the code of a `#[nested]` function calls.

use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::hash::Hash;

use crate::param::Param;
use crate::scope::ambient::Entered;
use crate::scope::call::in_slot;
use crate::scope::future::Scoped;
use crate::scope::id::CallId;
use crate::scope::site::Site;

/// A call of a `#[nested]` function, until this is dropped.
#[must_use]
pub struct Nested {
    _entered: Entered,
}

impl Nested {
    /// Gives the future the id, and ends the call here.
    pub fn __salvia_scope<F: Future>(self, future: F) -> Scoped<F> {
        CallId::current().scope(future)
    }
}

impl fmt::Debug for Nested {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Nested").finish_non_exhaustive()
    }
}

/// A call that stands where the function that calls this was called.
#[track_caller]
#[inline]
pub fn nested() -> Nested {
    Nested {
        _entered: Entered::counted(Site::caller()),
    }
}

/// The same in a slot.
#[track_caller]
pub fn nested_in_slot<Q>(slot: &Q) -> Nested
where
    Q: ToOwned + ?Sized,
    Q::Owned: Eq + Hash + Send + Sync + 'static,
{
    Nested {
        _entered: Entered::call(in_slot(Site::caller(), slot.to_owned())),
    }
}

/// What the expression of a slot gave. The slot is what it refers to, if it is a reference, the key of a view, and else the
/// value itself: method calls on `&&Probe` find `ByReference` first, then `ByView`, and `ByValue` last.
#[derive(Debug)]
pub struct Probe<'e, T>(pub &'e T);

/// An expression that gave a reference.
pub trait ByReference<'e> {
    /// What it refers to.
    type Slot: ?Sized;

    /// The slot.
    fn __salvia_slot(&self) -> &'e Self::Slot;
}

impl<'e, Q: ?Sized> ByReference<'e> for &Probe<'e, &Q> {
    type Slot = Q;

    fn __salvia_slot(&self) -> &'e Q {
        self.0
    }
}

/// An expression that gave a view, or anything else with a key of its own.
pub trait ByView {
    /// The key.
    type Slot: Clone + 'static;

    /// The slot.
    fn __salvia_slot(&self) -> Cow<'static, Self::Slot>;
}

impl<P: Param> ByView for &&Probe<'_, P> {
    type Slot = P::Key;

    fn __salvia_slot(&self) -> Cow<'static, P::Key> {
        Cow::Owned(self.0.to_key())
    }
}

/// An expression that gave a value.
pub trait ByValue<'e> {
    /// The type of the value.
    type Slot;

    /// The slot.
    fn __salvia_slot(&self) -> &'e Self::Slot;
}

impl<'e, T> ByValue<'e> for Probe<'e, T> {
    type Slot = T;

    fn __salvia_slot(&self) -> &'e T {
        self.0
    }
}

/// Makes a block take a variable in that its own code may not name.
pub fn hold<T: ?Sized>(_: &T) {}

/// The value of a function type.
pub trait Returns {
    /// The value.
    type Value;
}

impl<R> Returns for fn() -> R {
    type Value = R;
}
