//! Calls of memos that have their caches in the thread.
//!
//! There is a function for each kind of cache, typed or erased: generic in what holds the cache, the compiler would explain
//! a wrong argument by that.

use std::thread::LocalKey;

use super::instances::{Erased, Holds, Instances};
use super::slots::{Cache, Entry, Lru, Single};
use super::thread;
use crate::param::ToStatic;
use crate::scope::root;

/// A call of a memo with one slot.
#[inline]
pub fn single<A, V, F>(
    cache: &'static LocalKey<Instances<Single<A::Static, V>>>,
    slots: usize,
    arguments: A,
    body: F,
) -> V
where
    A: ToStatic,
    V: Clone + 'static,
    F: FnOnce(A) -> V,
{
    call::<Single<_, _>, _, _, _>(cache, slots, arguments, body)
}

/// A call of a memo with some slots.
#[inline]
pub fn lru<A, V, F>(
    cache: &'static LocalKey<Instances<Lru<A::Static, V>>>,
    slots: usize,
    arguments: A,
    body: F,
) -> V
where
    A: ToStatic,
    V: Clone + 'static,
    F: FnOnce(A) -> V,
{
    call::<Lru<_, _>, _, _, _>(cache, slots, arguments, body)
}

/// The same where the type of the cache has no name outside of the call.
#[inline]
pub fn single_instance<A, V, F>(
    cache: &'static LocalKey<Instances<Erased>>,
    slots: usize,
    arguments: A,
    body: F,
) -> V
where
    A: ToStatic,
    V: Clone + 'static,
    F: FnOnce(A) -> V,
{
    call::<Single<_, _>, _, _, _>(cache, slots, arguments, body)
}

/// The same where the type of the cache has no name outside of the call.
#[inline]
pub fn lru_instance<A, V, F>(
    cache: &'static LocalKey<Instances<Erased>>,
    slots: usize,
    arguments: A,
    body: F,
) -> V
where
    A: ToStatic,
    V: Clone + 'static,
    F: FnOnce(A) -> V,
{
    call::<Lru<_, _>, _, _, _>(cache, slots, arguments, body)
}

#[inline]
fn call<C, H, A, F>(
    cache: &'static LocalKey<Instances<H>>,
    slots: usize,
    arguments: A,
    body: F,
) -> C::Value
where
    C: Cache<Key = A::Static>,
    H: Holds<C> + 'static,
    A: ToStatic,
    F: FnOnce(A) -> C::Value,
{
    let found = cache.try_with(|cache| cache.look_in_front::<C, A>(typeid::of::<F>(), &arguments));
    match found {
        Ok(Some(value)) => value,
        _ => miss::<C, H, A, F>(cache, slots, arguments, body),
    }
}

/// Runs the body, with nothing borrowed: it may call any memo, this one among them.
#[cold]
#[inline(never)]
fn miss<C, H, A, F>(
    cache: &'static LocalKey<Instances<H>>,
    slots: usize,
    arguments: A,
    body: F,
) -> C::Value
where
    C: Cache<Key = A::Static>,
    H: Holds<C> + 'static,
    A: ToStatic,
    F: FnOnce(A) -> C::Value,
{
    let instance = typeid::of::<F>();
    match cache.try_with(|cache| cache.look_further::<C, A>(instance, &arguments)) {
        Ok(Some(value)) => return value,
        Ok(None) => {}
        // The thread is ending, and its caches have gone.
        Err(_) => return body(arguments),
    }
    // The body takes the arguments.
    let key = arguments.to_static();
    let value = root(|| body(arguments));
    let entry = Entry::new(key, value.clone());
    let is_known = cache.try_with(|cache| {
        cache.keep::<C>(instance, slots, entry);
        cache.is_known()
    });
    if is_known == Ok(false) {
        thread::know(cache);
    }
    value
}
