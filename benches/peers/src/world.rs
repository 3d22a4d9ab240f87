//! What an adapter says about its engine: one trait for each way of being used.
//!
//! A workload is written once, over a trait; an adapter names the workloads its engine can do. Synchronous engines give futures
//! that are ready at once, which costs them nothing: the workloads are compiled for each engine.

use crate::shape::{Ask, Size};

/// Values that are looked up by a number, made by a query that reads nothing: `k` is `k`.
pub(crate) trait Keyed: Sized {
    /// What stands for a number where the engine is asked, if something better than the number can be had beforehand.
    type Key: Copy + Send + Sync + 'static;

    /// An empty world.
    async fn new() -> Self;

    /// What stands for these numbers.
    fn keys(&mut self, numbers: &[u64]) -> Vec<Self::Key>;

    /// Asks for each of the keys, `times` over, all in one request, and gives the sum.
    async fn ask(&mut self, keys: &[Self::Key], times: u64) -> u64;

    /// Asks for a key in `times` requests of their own: each sees one revision of the world from its beginning to its end.
    async fn requests(&mut self, key: Self::Key, times: u64) -> u64;

    /// Asks for each number, of which the engine has heard nothing before.
    async fn ask_numbers(&mut self, numbers: &[u64]) -> u64;
}

/// A world that several threads can ask at once.
pub(crate) trait Shared: Keyed {
    /// Two threads do at the same time what `ask` does; the sum of both.
    async fn ask_twice_at_once(&mut self, keys: &[Self::Key], times: u64) -> u64;
}

/// Inputs, and the queries of [`shape`](crate::shape) over them.
pub(crate) trait Graph: Sized {
    /// Why the engine has no early cut-off, if it has none.
    const NO_CUT_OFF: Option<&'static str> = None;

    /// A world in which every cell is 0 and nothing has been asked for.
    async fn new(size: Size) -> Self;

    /// Sets cells in one commit.
    async fn set(&mut self, sets: &[(u64, u64)]);

    /// Asks from outside, in one request.
    async fn ask(&mut self, ask: Ask) -> u64;
}

/// Queries that wait for a timer.
pub(crate) trait Sleeping: Sized {
    /// An empty world.
    async fn new() -> Self;

    /// Asks for this many distinct queries together, each of which sleeps for [`NAP`](crate::shape::NAP), and gives how many
    /// answered.
    async fn sleep(&mut self, queries: u64) -> u64;
}

/// Queries that keep a core busy.
pub(crate) trait Busy: Sized {
    /// An empty world.
    async fn new() -> Self;

    /// Asks for two of them together, `first` and the one after it, each of which is [`work`](crate::shape::work); the sum.
    async fn both(&mut self, first: u64) -> u64;
}
