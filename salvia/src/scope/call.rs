//! The calls: what runs a function below the id around it.

use std::hash::Hash;

use crate::param::Param;
use crate::scope::ambient::{self, Entered};
use crate::scope::id::{CallId, ROOT};
use crate::scope::site::Site;
use crate::scope::slot::hash;

/// Runs `f` as a call below the current id, and gives what it returns.
///
/// The id of the call is made of the current one, the place where this `call` stands, and how many times that place has
/// called before within the current call. Outside of any call each is the first of its place.
///
/// ```
/// use salvia::scope::{CallId, call};
///
/// let ids = || [(); 2].map(|()| call(CallId::current));
/// call(|| {
///     let [first, second] = ids();
///     assert_ne!(first, second);
/// });
/// ```
///
/// The call ends when `f` returns. For a future there is [`CallId::scope`]:
///
/// ```
/// # use salvia::scope::{CallId, call};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let (made, polled) = call(|| {
///     let id = CallId::current();
///     (id.clone(), id.scope(async { CallId::current() }))
/// });
/// assert_eq!(polled.await, made);
/// # }
/// ```
///
/// # Panics
///
/// If `f` does; the current id is then what it was before.
#[track_caller]
#[inline]
pub fn call<F, R>(f: F) -> R
where
    F: FnOnce() -> R,
{
    let _entered = Entered::counted(Site::caller());
    f()
}

/// Runs `f` as a call below the current id, in a slot, and gives what it returns.
///
/// The slot takes the place of the count: calls of one place in equal slots have equal ids, in whatever order they come. It
/// may be given in a borrowed form, `&str` for `String`, or as a view; the id keeps its key. See [`Param`] for what there is.
/// Slots whose keys are of two types are never equal.
///
/// ```
/// use salvia::scope::{CallId, call_in_slot};
///
/// let id_of = |name: &str| call_in_slot(name, CallId::current);
/// let (bob, alice) = (id_of("bob"), id_of("alice"));
/// assert_ne!(bob, alice);
/// assert_eq!(bob, id_of("bob"));
///
/// // `&key` for any key, and a view or a tuple by value.
/// let at = |name: &str, nth: usize| call_in_slot((name, nth), CallId::current);
/// assert_eq!(at("bob", 1), at(&String::from("bob"), 1));
/// assert_ne!(at("bob", 1), at("bob", 2));
/// ```
///
/// # Panics
///
/// If `f` does, or the clone or hash of the slot; the current id is then what it was before.
#[track_caller]
#[inline]
pub fn call_in_slot<F, S, R>(slot: S, f: F) -> R
where
    F: FnOnce() -> R,
    S: Param,
{
    let _entered = Entered::call(in_slot(Site::caller(), slot.to_key()));
    f()
}

/// The id of a call in a slot, of which this is the owned form: a borrowed one need not hash as that does.
pub(crate) fn in_slot<S>(site: Site, slot: S) -> CallId
where
    S: Eq + Hash + Send + Sync + 'static,
{
    let hash = hash(&slot);
    ambient::current().in_slot(site, slot, hash)
}

/// Runs `f` at the beginning of a path of its own, whatever the current id is, and gives what it returns.
///
/// All roots are alike: the same calls below two of them have the same ids.
///
/// ```
/// use salvia::scope::{CallId, call, root};
///
/// let id = || call(CallId::current);
/// assert_eq!(root(id), call(|| root(id)));
/// ```
///
/// # Panics
///
/// If `f` does; the current id is then what it was before.
#[inline]
pub fn root<F, R>(f: F) -> R
where
    F: FnOnce() -> R,
{
    let _entered = Entered::call(ROOT.clone());
    f()
}
