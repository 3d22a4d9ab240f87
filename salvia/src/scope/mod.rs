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
//! # Nodes without a name
//!
//! [`cx.memo(input, f)`](crate::QueryContext::memo) remembers a part of a body, at this place and for this input: a query in
//! the middle of another, without a name, and without arguments that have to be invented for it. Like any query it records
//! what it reads, runs again only when that or its input has changed, and when it comes to an equal value its parent
//! does not run. [`cx.memo_in_slot(&slot, input, f)`](crate::QueryContext::memo_in_slot) is for what comes, goes, and
//! changes places.
//!
//! In the body of `f` the node's id is the current one. An input that is hosted on it, or on the id of a call below,
//! is state of the node's own:
//!
//! ```
//! use salvia::scope::CallId;
//! use salvia::{Input, InputAccess, QueryContext, Runtime, query};
//!
//! #[derive(Clone, Copy, PartialEq, Eq, Hash, InputAccess)]
//! struct Names;
//!
//! impl Input<Vec<String>> for Names {
//!     fn initial(&self) -> Vec<String> {
//!         vec!["Ada".to_owned(), "Bob".to_owned()]
//!     }
//! }
//!
//! /// Whether a row is selected.
//! #[derive(Clone, PartialEq, Eq, Hash, InputAccess)]
//! struct Selected(CallId);
//!
//! impl Input<bool> for Selected {
//!     fn initial(&self) -> bool {
//!         false
//!     }
//! }
//!
//! #[query]
//! async fn rows(cx: &QueryContext) -> Vec<(CallId, String)> {
//!     let names: Vec<String> = Names.get(cx).await;
//!     let rows = names.iter().map(|name| {
//!         cx.memo_in_slot(name, &**name, async |name, cx| {
//!             let row = CallId::current();
//!             let mark = if Selected(row.clone()).get(cx).await { "*" } else { "" };
//!             (row, format!("{name}{mark}"))
//!         })
//!     });
//!     futures::future::join_all(rows.collect::<Vec<_>>()).await
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let rt = Runtime::new().await;
//! let show = async || rt.query(async |cx| rows(&cx).await).await;
//! let (bob, _) = show().await.remove(1);
//!
//! // One row runs, and the list; then the list alone, which drops the row; and the row that is back is a new one.
//! rt.mutate(async |cx| Selected(bob.clone()).set(true, &cx).await).await;
//! assert_eq!(show().await[1].1, "Bob*");
//! rt.mutate(async |cx| Names.set(vec!["Ada".to_owned()], &cx).await).await;
//! show().await;
//! rt.mutate(async |cx| cx.unset::<Vec<String>>(Names).await).await;
//! assert_eq!(show().await[1], (bob, "Bob".to_owned()));
//! # }
//! ```
//!
//! **What is dropped, and when.** When a body has run to a value, the nodes that were called in it before and not in this run
//! are dropped, with all that was called in theirs. Their values are freed, and inputs hosted on their ids have their initial
//! values again; if one had another, that is a revision of its own, as a mutation would make. A run that panics or is given
//! up drops nothing but what a newer run has left out, and neither does a check that finds the value right without a run. Nor does a run for an old
//! snapshot, which goes on to see what there was. A node that is running just then, for an old snapshot, goes when that has
//! ended. A write through the id of a node that was dropped does nothing, and
//! [`Stats::dropped_writes`](crate::Stats::dropped_writes) counts it. What is called outside of any query, at a root or in
//! a watch, has no body that could leave it out; it is kept until it is collected as unused.
//! A run that handles a failure goes by the last stored value too; once that is collected, by itself alone.
//!
//! A run that handled a failure, or is part of a cycle, is completed too, though its value is not stored. What it called
//! stays, also if that is what failed; and what the last stored value was made from stays until another is stored, since
//! it would be called again if the failure were none. All else is dropped.
//!
//! Where thousands of nodes are dropped at once, other tasks run in between; the next mutation waits until all of them are.
//!
//! To collect garbage and to hold a budget frees nodes too, and never resets an input. Whoever has the id of such a node
//! may write through it, and is told like all others if the parent's next run leaves the node out.
//!
//! An input belongs to the first `CallId` that its host's `Hash` takes in. A host whose own `Hash` leaves the id out
//! belongs to no node.
//!
//! **When to write a query instead.** If two places want the same value, a node would be made for each: name it. If the value
//! is to be asked for from elsewhere, explained, or limited by an option, name it. If `f` is a few cheap steps, just do
//! them: a node costs some hundred bytes and a look-up, as a query does; [`#[memo]`](macro@crate::memo) costs less where
//! nothing is read through a context. And state that should outlive its row belongs to what the row is about
//! (`Selected(Name)`), not to its place.
//!
//! **What `f` may be.** An async function, or an async closure that captures nothing; what it needs is in the input, where it
//! is compared. A variable it could capture unseen would be one whose changes nobody hears of. Its types are inferred.
//!
//! # What an id is made of
//!
//! An id is a link to its parent, counted, and everything goes with the last one who holds it: nothing is kept in a table.
//! A hash only narrows; ids are equal when their whole paths are. The place is that of the source: it is the same in all
//! instances of a generic function, and changes with every edit of the file, so ids are not for storing on disk.
//!
//! A counted call allocates nothing, and costs some hundred and forty instructions at most; its id, and those of the counted calls
//! around it, are one allocation each, when somebody asks for one. A call in a slot makes its id at once.
//!
//! # When not to use it
//!
//! - Where there is a name: a host or an argument of its own type says more than a place, outlives edits of the source, and can be
//!   made by anybody who knows it.
//! - As a count, where calls come in an order that may change: there a slot is needed, which is a name again.
//! - For what is stored beyond the process, or sent to another: an id means nothing there.

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
pub(crate) use lineage::FaintId;
pub(crate) use site::Site;
pub(crate) use slot::hash as hash_of;
pub(crate) use witness::first_id;
