//! How a query fails.
//!
//! An error names the bound query it began at, in text that was rendered when it happened:
//! the node may be gone when somebody reads it. It is cheap to clone, since every waiter gets it.

use std::any::Any;
use std::fmt;

use crate::bug::planted;
use crate::sync::{Arc, Mutex};

/// Why a query gave no value.
///
/// The same error reaches everybody who waited for the query. See [`Runtime::try_query`] and
/// [`Query::catch`] for the two places where it can be handled.
///
/// ```
/// # use salvia::{query, QueryContext, QueryErrorKind, Runtime};
/// #[query]
/// async fn broken(cx: &QueryContext) -> u32 {
///     panic!("no luck")
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let rt = Runtime::new().await;
/// let error = rt.try_query(async |cx| broken(&cx).await).await.unwrap_err();
/// assert!(matches!(error.kind(), QueryErrorKind::Panicked { .. }));
/// assert_eq!(error.query(), "broken()");
/// # }
/// ```
///
/// [`Runtime::try_query`]: crate::Runtime::try_query
/// [`Query::catch`]: crate::Query::catch
#[derive(Clone)]
pub struct QueryError(Arc<Inner>);

struct Inner {
    kind: QueryErrorKind,
    query: String,
    /// What the body panicked with, unless it was text; the first who resumes takes it.
    payload: Mutex<Option<Box<dyn Any + Send>>>,
}

/// The kinds of failure.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum QueryErrorKind {
    /// The body, or user code the engine called for it, panicked.
    #[non_exhaustive]
    Panicked {
        /// The text of the panic, if it had one.
        message: String,
    },
    /// The query needs its own value.
    #[non_exhaustive]
    Cycle {
        /// Every bound query on the cycle; each asks for the next, the last for the first.
        participants: Vec<String>,
    },
    /// The runtime has ended.
    Shutdown,
}

/// The bound queries of a cycle, as the function of `#[query(cycle = path)]` sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cycle {
    participants: Vec<String>,
}

impl Cycle {
    pub(crate) fn new(participants: Vec<String>) -> Self {
        Cycle { participants }
    }

    /// Every bound query on the cycle; each asks for the next, the last for the first. Where it
    /// begins depends on who asked first.
    pub fn participants(&self) -> &[String] {
        &self.participants
    }
}

impl QueryError {
    pub(crate) fn panicked(query: String, payload: Box<dyn Any + Send>) -> Self {
        let text = payload
            .downcast_ref::<&'static str>()
            .map(|text| (*text).to_owned())
            .or_else(|| payload.downcast_ref::<String>().cloned());
        let keep = (text.is_none() && !planted("payload-lost")).then_some(payload);
        let message = text.unwrap_or_else(|| "a value that is not text".to_owned());
        Self::with(QueryErrorKind::Panicked { message }, query, keep)
    }

    pub(crate) fn cycle(cycle: Cycle) -> Self {
        let participants = cycle.participants;
        let query = participants.first().cloned().unwrap_or_default();
        Self::with(QueryErrorKind::Cycle { participants }, query, None)
    }

    pub(crate) fn shutdown(query: String) -> Self {
        Self::with(QueryErrorKind::Shutdown, query, None)
    }

    fn with(kind: QueryErrorKind, query: String, payload: Option<Box<dyn Any + Send>>) -> Self {
        let payload = Mutex::new(payload);
        QueryError(Arc::new(Inner {
            kind,
            query,
            payload,
        }))
    }

    /// What happened.
    pub fn kind(&self) -> &QueryErrorKind {
        &self.0.kind
    }

    /// The bound query at which it happened, such as `score(Red)`. Empty if a runtime that has
    /// ended was asked for none in particular.
    pub fn query(&self) -> &str {
        &self.0.query
    }

    /// Panics with this error. A body's panic was reported when it happened, so it goes on
    /// without a second report; a payload that is not text reaches the first who asks.
    pub(crate) fn resume(self) -> ! {
        if matches!(self.0.kind, QueryErrorKind::Panicked { .. }) {
            let payload = self.0.payload.lock().take();
            std::panic::resume_unwind(payload.unwrap_or_else(|| Box::new(self.to_string())))
        }
        panic!("{self}")
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let query = &self.0.query;
        match &self.0.kind {
            QueryErrorKind::Panicked { message } => {
                write!(f, "query `{query}` panicked: {message}")
            }
            QueryErrorKind::Cycle { participants } => {
                write!(f, "query `{query}` needs its own value: ")?;
                for each in participants {
                    write!(f, "`{each}` -> ")?;
                }
                write!(f, "`{query}`")
            }
            QueryErrorKind::Shutdown if query.is_empty() => f.write_str("the runtime has ended"),
            QueryErrorKind::Shutdown => {
                write!(f, "query `{query}` was asked of a runtime that has ended")
            }
        }
    }
}

impl fmt::Debug for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QueryError")
            .field("query", &self.0.query)
            .field("kind", &self.0.kind)
            .finish()
    }
}

impl std::error::Error for QueryError {}
