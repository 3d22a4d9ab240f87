//! Calling foreign code: users' `Clone`, `Eq`, `Drop`, `Debug` and bodies, and wakers.
//!
//! A panic there must not take the engine's work with it. None of these may be called under a
//! lock.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Waker;

use crate::bug::planted;

/// What a panic was thrown with.
pub(crate) type Payload = Box<dyn Any + Send>;

/// Calls user code, and makes a panic a value. The engine's own data is not touched meanwhile,
/// so nothing can be left half-done.
pub(crate) fn guarded<T>(user_code: impl FnOnce() -> T) -> Result<T, Payload> {
    catch_unwind(AssertUnwindSafe(user_code))
}

/// Drops users' values that are out of use. A panic in a `Drop` was reported by the panic hook,
/// and concerns nobody who could be told: the engine goes on.
pub(crate) fn discard<T>(waste: T) {
    if planted("drop-panic-escapes") {
        return drop(waste);
    }
    if let Err(payload) = guarded(|| drop(waste)) {
        // A payload whose own drop panics would unwind after all.
        std::mem::forget(payload);
    }
}

/// Wakes whoever waits. One waker that panics leaves the others to be woken.
pub(crate) fn wake(wakers: impl IntoIterator<Item = Waker>) {
    for waker in wakers {
        if planted("waker-panic-escapes") {
            waker.wake();
            continue;
        }
        if let Err(payload) = guarded(|| waker.wake()) {
            std::mem::forget(payload);
        }
    }
}
