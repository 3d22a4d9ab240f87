//! Call paths: names for places in the tree of calls that a program makes.
//!
//! A [`CallId`] says by which way a piece of code was reached: from which place in the source, for the how-manieth time or
//! in which *slot*, below which other call. It is the same whenever the same way is taken again, in another revision, on
//! another thread, by another run of the same query. So it can stand for what has no name of its own: it is an ordinary
//! key, the host of an input, an argument, a slot.
//!
//! ```
//! use salvia::scope::{CallId, call, root};
//!
//! let two_ids = || {
//!     let first = call(CallId::current);
//!     let second = call(CallId::current);
//!     assert_ne!(first, second, "these are two places");
//!     (first, second)
//! };
//!
//! // The ids below two calls differ, and those below a root are the same every time.
//! root(|| assert_ne!(call(two_ids), call(two_ids)));
//! assert_eq!(root(two_ids), root(two_ids));
//! ```
//!
//! # Which call is which
//!
//! A call has the place in the source where it stands, and a slot. Without a slot, [`call`] counts: the first call of this
//! place within the current call, the second, and so on. That is right for what happens in the same order each time.
//! Things that come and go, or change places, have names of their own; those are slots, see [`call_in_slot`].
//!
//! Outside of any call there is nothing to count in: there each call is the first of its place, and
//! [`CallId::current`] is the same for all, the id that [`root`] begins with.
//!
//! # Queries are roots
//!
//! In the body of a query the path begins at the bound query, which is the function with its arguments, and never at the
//! caller: a value that is remembered must not depend on who asked first.
//!
//! ```
//! use salvia::scope::{CallId, call};
//! use salvia::{QueryContext, Runtime, query};
//!
//! #[query]
//! async fn place(of: u32, _cx: &QueryContext) -> CallId {
//!     CallId::current()
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let rt = Runtime::new().await;
//! rt.query(async |cx| {
//!     let one = place(1, &cx).await;
//!     let again = call(|| CallId::current().scope(place(1, &cx))).await;
//!     assert_eq!(one, again);
//!     assert_ne!(one, place(2, &cx).await);
//! })
//! .await;
//! # }
//! ```
//!
//! The closure of a `query` or a `mutate` is no query: nothing is remembered there, so it is code like that around it.
//!
//! # Futures
//!
//! A call ends when its closure returns, and a future that the closure made is polled later. [`CallId::scope`] gives a
//! future an id to be polled with, wherever that is; [`#[nested]`](macro@crate::nested) does so for an `async fn`. The
//! id is allotted when the function is called, so it does not matter in which order futures are polled:
//!
//! ```
//! use salvia::scope::CallId;
//!
//! #[salvia::nested]
//! async fn fetched(nap: u64) -> CallId {
//!     tokio::time::sleep(std::time::Duration::from_millis(nap)).await;
//!     CallId::current()
//! }
//!
//! #[salvia::nested]
//! async fn three() -> Vec<CallId> {
//!     futures::future::join_all([3, 2, 1].map(|nap| fetched(nap))).await
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let once = || three();
//! assert_eq!(once().await, once().await);
//! # }
//! ```
//!
//! Where calls follow an await in futures that run side by side, they are counted in the order in which they come, which
//! may change; there slots are needed, or a `#[nested]` function for each side.
//!
//! A task of its own (`tokio::spawn`) begins outside of any call; `CallId::current().scope(future)` takes the id along.
//! A closure of [`call`] should not block on an executor that runs other tasks on the same thread: they would be polled
//! inside of the call.
//!
//! # What an id is made of
//!
//! An id is a link to its parent, counted, and everything goes with the last one who holds it: nothing is kept in a table.
//! A hash only narrows; ids are equal when their whole paths are. The place is that of the source: it is the same in all
//! instances of a generic function, and changes with every edit of the file, so ids are not for storing on disk.

mod ambient;
mod call;
mod future;
mod id;
mod lineage;
pub(crate) mod nested;
mod site;
mod slot;
mod witness;

pub(crate) use ambient::{Paused, place};
pub use call::{call, call_in_slot, root};
pub use future::Scoped;
pub use id::CallId;
pub(crate) use site::Site;
pub(crate) use slot::hash as hash_of;
pub(crate) use witness::first_id;
