//! Building a runtime that needs more than the defaults.

use std::fmt;

use anymap2::SendSyncAnyMap;
use tokio::runtime::Handle;

use crate::event::Observer;
use crate::runtime::Runtime;
use crate::runtime::engine::{EngineArc, Scheduling};
use crate::runtime::listener::Listener;
use crate::sync::{Arc, host};

/// Collects what a [`Runtime`] is to be made with; see [`Runtime::builder`].
pub struct Builder {
    tokio: Option<Handle>,
    resources: SendSyncAnyMap,
    scheduling: Scheduling,
    budget: Option<usize>,
    listener: Option<Listener>,
}

impl Builder {
    pub(crate) fn new() -> Self {
        Builder {
            tokio: None,
            resources: SendSyncAnyMap::new(),
            scheduling: Scheduling::default(),
            budget: None,
            listener: None,
        }
    }

    /// Gives queries a value to work with: a client, a pool, a clock. There is one for each
    /// type; a second of the same type takes its place. See [`QueryContext::resource`].
    ///
    /// [`QueryContext::resource`]: crate::QueryContext::resource
    pub fn resource<T: Send + Sync + 'static>(mut self, value: T) -> Self {
        self.resources.insert(Arc::new(value));
        self
    }

    /// Runs storage tasks on this tokio runtime, not on the one `build` is called in.
    pub fn tokio(mut self, handle: Handle) -> Self {
        self.tokio = Some(handle);
        self
    }

    /// Says where updates run; see [`Scheduling`].
    pub fn scheduling(mut self, scheduling: Scheduling) -> Self {
        self.scheduling = scheduling;
        self
    }

    /// Keeps the remembered values, with all the engine keeps beside them, within about so many
    /// bytes: before the budget is passed those that were taken longest ago go, and then the nodes nobody
    /// refers to. A value counts with the bytes that the option `size` of its query says, and without
    /// it by its own size alone. Inputs and values that a snapshot or a running query holds do not go.
    ///
    /// ```
    /// # use salvia::{query, QueryContext, Runtime};
    /// #[query(size = String::capacity)]
    /// async fn page(number: u64, cx: &QueryContext) -> String {
    ///     format!("page {number}")
    /// }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let rt = Runtime::builder().memory_budget(64 << 20).build();
    /// assert_eq!(rt.query(async |cx| page(7, &cx).await).await, "page 7");
    /// # }
    /// ```
    pub fn memory_budget(mut self, bytes: usize) -> Self {
        self.budget = Some(bytes);
        self
    }

    /// Tells somebody what the engine does; see [`Observer`], also for what it must not do. A
    /// second one takes the place of the first; [`Runtime::observe`] adds to it. While there is none,
    /// nothing is made to be told.
    pub fn observer(mut self, observer: impl Observer + Send + Sync + 'static) -> Self {
        self.listener = Some(Listener::new(observer));
        self
    }

    /// Makes the runtime.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime, unless one was given.
    pub fn build(self) -> Arc<Runtime> {
        let tokio = host(self.tokio).expect(
            "salvia: a runtime was made outside of tokio; call this in a tokio task, or give a handle with `Runtime::builder().tokio(..)`",
        );
        Runtime::over(EngineArc::new(
            tokio,
            self.resources,
            self.scheduling,
            self.budget,
            self.listener,
        ))
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("resources", &self.resources.len())
            .finish_non_exhaustive()
    }
}
