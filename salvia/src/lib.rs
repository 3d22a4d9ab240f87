//! Incremental computing for async Rust, on tokio.
//!
//! You declare *inputs* and write pure `#[query] async fn`s. The engine remembers their values,
//! records who read what, and after a change runs again only what the change really affects.
//!
//! # In four steps
//!
//! **1. Inputs.** An input is a value that is set from outside. It is named by a host: a value of
//! a type of yours that says what the input holds while nothing is set.
//!
//! ```
//! use salvia::{Input, InputAccess};
//!
//! #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputAccess)]
//! enum Team {
//!     Red,
//!     Blue,
//! }
//!
//! impl Input<u32> for Team {
//!     fn initial(&self) -> u32 {
//!         0
//!     }
//! }
//! ```
//!
//! **2. Queries.** A query is a pure async function. Its last parameter is the context, through
//! which it reads inputs and asks other queries. Together with its arguments it is a *bound
//! query*, and each bound query has a value of its own.
//!
//! ```
//! # use salvia::{Input, InputAccess};
//! # #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputAccess)]
//! # enum Team { Red, Blue }
//! # impl Input<u32> for Team { fn initial(&self) -> u32 { 0 } }
//! use salvia::{query, QueryContext};
//!
//! #[query]
//! async fn lead(team: Team, cx: &QueryContext) -> i64 {
//!     let (red, blue) = (Team::Red.get(cx).await, Team::Blue.get(cx).await);
//!     let ahead = i64::from(red) - i64::from(blue);
//!     if team == Team::Red { ahead } else { -ahead }
//! }
//! ```
//!
//! **3. A runtime** holds the inputs and the remembered values. Mutations change inputs, all at
//! once; queries see the revision that was the newest when they began.
//!
//! ```
//! # use salvia::{query, Input, InputAccess, QueryContext};
//! # #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputAccess)]
//! # enum Team { Red, Blue }
//! # impl Input<u32> for Team { fn initial(&self) -> u32 { 0 } }
//! # #[query]
//! # async fn lead(team: Team, cx: &QueryContext) -> i64 {
//! #     let (red, blue) = (Team::Red.get(cx).await, Team::Blue.get(cx).await);
//! #     let ahead = i64::from(red) - i64::from(blue);
//! #     if team == Team::Red { ahead } else { -ahead }
//! # }
//! use salvia::Runtime;
//!
//! #[tokio::main]
//! async fn main() {
//!     let rt = Runtime::new().await;
//!     rt.mutate(|cx| async move {
//!         Team::Red.set(3, &cx).await;
//!         Team::Blue.set(1, &cx).await;
//!     })
//!     .await;
//!     let lead = rt.query(|cx| async move { lead(Team::Blue, &cx).await }).await;
//!     assert_eq!(lead, -2);
//! }
//! ```
//!
//! **4. Ask again.** What is asked again is looked up. After a mutation a bound query runs again
//! only if something that it read came to another value: when an input is set to an equal value
//! nothing happens, and when a dependency runs and ends in an equal value its readers do not run.
//!
//! # What is promised
//!
//! - *Snapshot.* Everything under one context is read at one revision. Readers and writers do not
//!   wait for each other.
//! - *All or nothing.* A mutation that panics, is dropped, or fails leaves everything as it was.
//! - *Once a revision.* However many ask for a bound query at a revision at the same time, it runs
//!   once.
//! - *Cancel safety.* Any future may be dropped at any await. Nobody else is disturbed.
//! - *Failures have a name.* A panic in a query, or a query that needs its own value, is a
//!   [`QueryError`] for everybody who waits for it, and the query works again afterwards.
//! - *No global state.* Runtimes have nothing in common.
//!
//! # Beyond asking
//!
//! - [`Runtime::watch`] gives a closure's value again whenever it has become another.
//! - [`Runtime::snapshot`] pins a revision, [`Runtime::mutate_pinned`] the one a mutation made.
//! - [`QueryContext::untracked`] and [`QueryContext::expires_in`] let a query read the outside world.
//! - [`Builder::observer`] and [`Runtime::observe`] tell what the engine does; [`Runtime::stats`] gives figures.
//! - [`Runtime::explain`] says why a query last ran and what it waited for; [`Runtime::graph`] is everything, to be drawn
//!   ([`Runtime::graph_parts`]: piece by piece).
//! - [`assert_ran!`] asserts in tests what ran.
//! - [`Runtime::try_query`] and [`Query::catch`] handle failures.
//! - Arguments of queries [may be borrowed](macro@query#borrowed-arguments): a hit copies nothing of them.
//! - [`#[memo]`](macro@memo) remembers the last calls of small synchronous functions, which may take
//!   borrowed views of data, by [`#[derive(Projection)]`](macro@Projection).
//! - [`scope`] names what has no name of its own by the way a program gets to it; [`QueryContext::memo`] remembers such a
//!   part of a query, with state of its own.
//! - [`thin`] has trait objects whose tables hold nothing but methods; [`Observer`] is such a trait.
//! - [`#[perfect_derive]`](macro@perfect_derive) and [`#[bounded_derive]`](macro@bounded_derive) derive traits under the bounds
//!   that the fields need, so that a generic host or argument asks nothing of a parameter it holds no value of.
//!
//! What these are for, and when to use something else, is said where they are.
//!
//! # What to know
//!
//! - Queries have to be pure: the same inputs, the same value. What changes from outside belongs
//!   in inputs; clients and pools are [resources](QueryContext::resource).
//! - Values are cloned when they are read. Put big ones in an `Arc`.
//! - Concurrency is seen where a query is *called*: to have it again when values are checked,
//!   build the futures first (`xs.map(|x| item(x, cx))`), then join them.
//! - A body must not keep its context beyond its end, and must not ask the runtime, by a query, a
//!   snapshot or a watch: what it reads there would not be recorded. Both are refused with a message.
//!   To write through the runtime is not refused there, and not repeated when the value is a hit.
//!
//! # Features
//!
//! - `async-trait`: the trait [`InputAccess`](macro@InputAccess), for reading and setting inputs
//!   of types whose inherent methods are not known.
//! - `bytes`, `imbl`: `bytes::Bytes` and the collections of `imbl` as arguments, compared by pointer first, and so as values.
//! - `tracing`: a span of the crate `tracing` for each execution, and an event for each decision.
//! - `serde`: `Graph::to_json`, and `Serialize` for [`Graph`].
//!
//! Features only add.

#[doc(hidden)]
pub mod assert;
mod bug;
#[doc(hidden)]
pub mod describe;
mod error;
mod event;
#[doc(hidden)]
pub mod macro_support;
mod param;
mod revision;
mod shared;
#[doc(hidden)]
pub mod sharing;
mod sync;
mod value;
#[doc(hidden)]
pub mod views;

mod observe;

pub mod memo;
pub mod node;
pub mod runtime;
pub mod scope;
pub mod testing;

/// Thin trait objects: the crate `salvia-thin`, for those who depend on `salvia` alone.
///
/// [`thin_dyn`](thin::thin_dyn) goes on a trait.
/// [`Ref`](thin::Ref) and [`RefMut`](thin::RefMut) then take the place of `&dyn Trait` and `&mut dyn Trait`, and the tables
/// behind them hold nothing but the methods.
///
/// **When not to use it.** It saves some words of read-only data for each type and trait, and no time. Where nobody counts
/// those, a `&dyn Trait` is the same and goes with any trait; what is owned needs a `Box<dyn Trait>`, which knows how to drop it.
///
/// ```
/// use salvia::thin::{Ref, thin_dyn};
///
/// #[thin_dyn]
/// trait Clock {
///     fn now(&self) -> u64;
/// }
///
/// struct Stopped(u64);
///
/// impl Clock for Stopped {
///     fn now(&self) -> u64 {
///         self.0
///     }
/// }
///
/// let clock: Ref<dyn Clock> = Ref::new(&Stopped(5));
/// assert_eq!(clock.now(), 5);
/// ```
pub mod thin {
    /// Makes thin objects of a trait; `salvia_thin::thin_dyn`, which looks for them in `::salvia::thin`.
    pub use salvia_macros::thin_dyn_in_salvia as thin_dyn;
    #[doc(hidden)]
    pub use salvia_thin::macro_support;
    pub use salvia_thin::{DynTrait, Object, Ref, RefMut, RemoveSend, RemoveSync, Upcast};
}

pub use error::{Cycle, QueryError, QueryErrorKind};
pub use event::{BoundName, Cause, Event, Observer};
pub use observe::explain::Explanation;
pub use observe::graph::{Graph, GraphEdge, GraphNode, NodeKind, NodeState};
pub use observe::parts::{GraphPart, GraphParts};
pub use observe::stats::{QueryStats, Stats};
pub use observe::waits::{Wait, Waits};
pub use param::{Param, ToStatic};
pub use revision::Revision;
pub use runtime::access::Input;
pub use runtime::anonymous::call::Anonymous;
pub use runtime::call::{Catch, Query};
pub use runtime::collect::{Collect, Collected};
pub use runtime::engine::Scheduling;
#[cfg(feature = "async-trait")]
pub use runtime::library::InputAccess;
pub use runtime::listener::Observing;
pub use runtime::{Builder, InputContext, QueryContext, ReadContext, Runtime, Snapshot, Watch};
pub use salvia_macros::{
    InputAccess, Projection, bounded_derive, memo, nested, perfect_derive, query,
};
pub use shared::Shared;
pub use value::Stashable;

/// The program of the README, so that it compiles.
#[doc = include_str!("../../README.md")]
#[cfg(doctest)]
struct Readme;
