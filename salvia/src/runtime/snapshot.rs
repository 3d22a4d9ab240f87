//! Snapshots: revisions pinned by hand.

use std::fmt;
use std::future::Future;

use crate::error::QueryError;
use crate::revision::Revision;
use crate::runtime::QueryContext;
use crate::runtime::Runtime;
use crate::runtime::handle::root;
use crate::runtime::pin::Pinned;
use crate::sync::Arc;

/// A pinned revision, to be asked again and again.
///
/// It never blocks a writer. It keeps the runtime, and what can only be read at its revision;
/// dropping the last clone frees that.
///
/// ```
/// # use salvia::{Input, InputAccess, Runtime};
/// # #[derive(Clone, PartialEq, Eq, Hash, InputAccess)]
/// # struct Count;
/// # impl Input<u32> for Count { fn initial(&self) -> u32 { 0 } }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let rt = Runtime::new().await;
/// let before = rt.snapshot();
/// rt.mutate(async |cx| Count.set(1, &cx).await).await;
/// assert_eq!(before.query(async |cx| Count.get::<u32>(&cx).await).await, 0);
/// assert_eq!(rt.query(async |cx| Count.get::<u32>(&cx).await).await, 1);
/// # }
/// ```
#[derive(Clone)]
pub struct Snapshot {
    runtime: Arc<Runtime>,
    pin: Arc<Pinned>,
}

impl Snapshot {
    pub(crate) fn new(runtime: Arc<Runtime>, pin: Arc<Pinned>) -> Self {
        Snapshot { runtime, pin }
    }

    /// The revision that is read.
    pub fn revision(&self) -> Revision {
        self.pin.revision
    }

    /// Runs queries at this revision; otherwise as [`Runtime::query`].
    ///
    /// # Panics
    ///
    /// If a query fails, with the error.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future disturbs nobody.
    pub async fn query<F, Fut>(&self, f: F) -> Fut::Output
    where
        F: FnOnce(QueryContext) -> Fut,
        Fut: Future,
    {
        self.try_query(f)
            .await
            .unwrap_or_else(|error| error.resume())
    }

    /// Like [`query`](Self::query), and gives a query's failure as an error.
    ///
    /// # Errors
    ///
    /// If a query that the closure awaits fails. The closure's future is dropped at that await.
    ///
    /// # Cancel safety
    ///
    /// As for `query`.
    pub async fn try_query<F, Fut>(&self, f: F) -> Result<Fut::Output, QueryError>
    where
        F: FnOnce(QueryContext) -> Fut,
        Fut: Future,
    {
        root(self.runtime.clone(), self.pin.clone(), f).await
    }
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot")
            .field("revision", &self.revision())
            .finish_non_exhaustive()
    }
}
