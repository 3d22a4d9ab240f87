//! Memos: synchronous functions that remember their last calls.
//!
//! [`#[memo]`](macro@crate::memo) makes one. It is for small pure functions that are not worth a node: no runtime, no
//! context, no dependencies, nothing but the arguments, compared with those of earlier calls by
//! [`ToStatic`](crate::ToStatic).
//!
//! # Where the values are
//!
//! Each memo has a cache of its own in every thread that calls it, and a generic one has one for each instance. So a hit
//! needs no lock. What follows from that:
//!
//! - The same call in a second thread is a miss there. On a work-stealing runtime a caller meets the caches of all the
//!   workers it visits, and each worker keeps values of its own for as long as it lives.
//! - Values are dropped when their thread ends, and by [`clear`]. A memo that is called by what is dropped then computes,
//!   and keeps nothing.
//! - Values need not be `Send`.
//!
//! A memo that is `shared` has one cache for all threads instead, for what is expensive; it asks `Send + Sync`, and lives
//! as long as the process.
//!
//! # What is remembered
//!
//! Whatever the body returns, early by `return` and `?` as well; an `Err` or `None` is a value like any other. A panic is
//! not. A memo may call itself and other memos. While arguments are compared or a value is cloned, which is code of
//! users, calls of the same memo in the same thread find what is there but keep nothing.
//!
//! # When not to use it
//!
//! - Where the function reads what changes: that is an input, and the function a [`query`](macro@crate::query). A memo has
//!   no context, so it cannot hear of changes.
//! - Where the value is asked for from several threads and is expensive, as on a runtime with many workers: each thread
//!   computes and keeps it once more. A query has one value for all; so has a memo that is `shared`, but two threads that
//!   miss at the same time both compute.
//! - Where calls go through many arguments in turn: with more of them than slots every call is a miss, which also makes a
//!   snapshot. And slots are looked at one by one, so that a thousand of them are no remedy; a query finds its node by a
//!   hash.
//! - Where the arguments are long and equal at another address: a hit compares all of them. What is shared by an `Arc` is
//!   not compared, and a [projection](macro@crate::Projection) compares what matters only.
//! - Where the body costs less than the comparison and the clone of the value. For a number they are some thirty
//!   instructions in `single`, and some eighty in `lru = 8`.
//! - Where memory has to be accounted for: what memos keep is in no budget and no statistics.

#[doc(hidden)]
pub mod hidden;
mod instances;
mod local;
mod slots;
mod store;
mod thread;

/// Empties the caches of all memos in the current thread.
///
/// Other threads keep theirs, and so do memos that are `shared`. A value that is being looked at while this is called,
/// because comparing it calls it, is dropped by the next call of its memo.
///
/// ```
/// use std::cell::Cell;
///
/// thread_local! {
///     static RUNS: Cell<u32> = const { Cell::new(0) };
/// }
///
/// #[salvia::memo(single)]
/// fn double(n: u32) -> u32 {
///     RUNS.set(RUNS.get() + 1);
///     2 * n
/// }
///
/// assert_eq!((double(1), double(1), RUNS.get()), (2, 2, 1));
/// salvia::memo::clear();
/// assert_eq!((double(1), RUNS.get()), (2, 2));
/// ```
pub fn clear() {
    thread::clear();
}
