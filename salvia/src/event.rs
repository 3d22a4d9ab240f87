//! Events: what the engine does, told to whoever listens.
//!
//! An event is plain data. Names are rendered when they are asked for, since most are not; so an
//! event holds the arguments of its bound query as long as it lives.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::time::Duration;

use salvia_thin::thin_dyn;

use crate::error::QueryError;
use crate::revision::Revision;
use crate::sync::Arc;

/// Is told what the engine of a runtime does; see [`Builder::observer`](crate::Builder::observer)
/// and [`Runtime::observe`](crate::Runtime::observe).
///
/// It is called in place, by whichever task does the work, so it should be quick: count, or send
/// to a channel. No lock of the engine is held meanwhile. The turn of the writer is, where a commit is
/// reported; so it must not wait for a mutation. What it holds lives as long as the engine: if that is
/// a handle of the runtime, the runtime is never dropped.
///
/// # Panics
///
/// A panic here is caught. The panic hook reports it, the observer is not called any more,
/// and nothing else changes.
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicUsize, Ordering};
/// use salvia::{query, Event, Observer, QueryContext, Runtime};
///
/// struct Runs(Arc<AtomicUsize>);
///
/// impl Observer for Runs {
///     fn event(&self, event: &Event) {
///         if let Event::Executed { .. } = event {
///             self.0.fetch_add(1, Ordering::Relaxed);
///         }
///     }
/// }
///
/// #[query]
/// async fn double(n: u64, cx: &QueryContext) -> u64 {
///     2 * n
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let runs = Arc::new(AtomicUsize::new(0));
/// let rt = Runtime::builder().observer(Runs(runs.clone())).build();
/// rt.query(async |cx| double(1, &cx).await + double(1, &cx).await + double(2, &cx).await).await;
/// assert_eq!(runs.load(Ordering::Relaxed), 2);
/// # }
/// ```
#[thin_dyn]
pub trait Observer {
    /// Something has happened.
    fn event(&self, event: &Event);
}

impl<O: Observer + ?Sized> Observer for Arc<O> {
    fn event(&self, event: &Event) {
        (**self).event(event);
    }
}

/// Something the engine did. Its `Display` is one line.
///
/// ```
/// # use std::sync::{Arc, Mutex};
/// # use salvia::{query, Event, Observer, QueryContext, Runtime};
/// # #[derive(Clone, Default)]
/// # struct Log(Arc<Mutex<Vec<Event>>>);
/// # impl Observer for Log {
/// #     fn event(&self, event: &Event) { self.0.lock().unwrap().push(event.clone()) }
/// # }
/// # #[query]
/// # async fn double(n: u64, cx: &QueryContext) -> u64 { 2 * n }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// # let log = Log::default();
/// # let rt = Runtime::builder().observer(log.clone()).build();
/// # rt.query(async |cx| double(3, &cx).await).await;
/// # let events = log.0.lock().unwrap();
/// # let event = &events[0];
/// let Event::Executed { query, revision, .. } = event else { panic!() };
/// assert_eq!(format!("{query} at {revision}"), "double(3) at r0");
/// assert_eq!(event.query().map(|query| query.name()), Some("double"));
/// # }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Event {
    /// The body of a query ran to a value.
    #[non_exhaustive]
    Executed {
        /// Which bound query.
        query: BoundName,
        /// The revision it read.
        revision: Revision,
        /// From the beginning of the body to its end, with what it waited for.
        duration: Duration,
        /// Why it ran.
        cause: Cause,
    },
    /// The body of a query ended without a value: it panicked, or what it asked for failed. Everybody
    /// above who does not handle the failure is told of as well, after what failed first.
    #[non_exhaustive]
    Failed {
        /// Which bound query.
        query: BoundName,
        /// The revision it read.
        revision: Revision,
        /// From the beginning of the body to its end, with what it waited for.
        duration: Duration,
        /// What it failed with; it names the bound query at which that began.
        error: QueryError,
    },
    /// Something below a bound query had changed, and what it read turned out to be as it was: its
    /// value is right without a run. Where queries each read the one before and nothing else, those
    /// between one that is asked for and the lowest are right with that, and are not told of.
    #[non_exhaustive]
    Validated {
        /// Which bound query.
        query: BoundName,
        /// The revision it is known right at.
        revision: Revision,
    },
    /// A bound query ran and came to an equal value: what reads it need not run. It follows the
    /// event of the run.
    #[non_exhaustive]
    CutOff {
        /// Which bound query.
        query: BoundName,
        /// The revision it ran at.
        revision: Revision,
    },
    /// A commit gives an input another value. It comes before the event of the commit, and before
    /// anybody can see the value.
    #[non_exhaustive]
    InputChanged {
        /// Which input.
        input: BoundName,
        /// The revision that begins with it.
        revision: Revision,
    },
    /// A revision is there. They come in order. It is one of an expiry if no input changed.
    #[non_exhaustive]
    Committed {
        /// The revision.
        revision: Revision,
        /// How many inputs changed in it.
        inputs: usize,
    },
    /// The value of a bound query was given up to save memory.
    #[non_exhaustive]
    Evicted {
        /// Which bound query.
        query: BoundName,
        /// The newest revision then.
        revision: Revision,
    },
    /// Nobody waited for an update any more, and it was dropped before its end.
    #[non_exhaustive]
    Cancelled {
        /// Which bound query.
        query: BoundName,
        /// The revision it was to be updated to.
        revision: Revision,
    },
    /// Bound queries need each other's values. It is told also where a query has a value for that.
    #[non_exhaustive]
    Cycle {
        /// Every bound query on it; each asks for the next, the last for the first.
        participants: Vec<String>,
        /// The revision at which they asked.
        revision: Revision,
    },
}

impl Event {
    /// The bound query or input it is about, if it is about one.
    pub fn query(&self) -> Option<&BoundName> {
        match self {
            Event::Executed { query, .. }
            | Event::Failed { query, .. }
            | Event::Validated { query, .. }
            | Event::CutOff { query, .. }
            | Event::Evicted { query, .. }
            | Event::Cancelled { query, .. } => Some(query),
            Event::InputChanged { input, .. } => Some(input),
            Event::Committed { .. } | Event::Cycle { .. } => None,
        }
    }

    /// The revision it is about.
    pub fn revision(&self) -> Revision {
        match self {
            Event::Executed { revision, .. }
            | Event::Failed { revision, .. }
            | Event::Validated { revision, .. }
            | Event::CutOff { revision, .. }
            | Event::InputChanged { revision, .. }
            | Event::Committed { revision, .. }
            | Event::Evicted { revision, .. }
            | Event::Cancelled { revision, .. }
            | Event::Cycle { revision, .. } => *revision,
        }
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let revision = self.revision();
        match self {
            Event::Executed {
                query,
                duration,
                cause,
                ..
            } => write!(f, "{revision}: executed {query} in {duration:?}: {cause}"),
            Event::Failed {
                query,
                duration,
                error,
                ..
            } => write!(f, "{revision}: failed {query} in {duration:?}: {error}"),
            Event::Validated { query, .. } => write!(f, "{revision}: validated {query}"),
            Event::CutOff { query, .. } => write!(f, "{revision}: cut off at {query}"),
            Event::InputChanged { input, .. } => write!(f, "{revision}: changed {input}"),
            Event::Committed { inputs, .. } => {
                write!(f, "{revision}: committed, inputs changed: {inputs}")
            }
            Event::Evicted { query, .. } => write!(f, "{revision}: evicted {query}"),
            Event::Cancelled { query, .. } => write!(f, "{revision}: cancelled {query}"),
            Event::Cycle { participants, .. } => {
                write!(f, "{revision}: cycle of {}", participants.join(" -> "))
            }
        }
    }
}

/// Why a body ran.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Cause {
    /// There was no value yet.
    First,
    /// Something it had read has changed, is gone, or fails.
    #[non_exhaustive]
    Changed {
        /// The first of them, if it is known.
        dependency: Option<BoundName>,
    },
    /// It had read the outside world, or its time was over.
    Untracked,
    /// Its value had been given up.
    Evicted,
    /// A snapshot asked that is older than the value that is kept.
    OldSnapshot,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::First => f.write_str("first run"),
            Cause::Changed {
                dependency: Some(dependency),
            } => write!(f, "{dependency} changed"),
            Cause::Changed { dependency: None } => f.write_str("a dependency changed"),
            Cause::Untracked => f.write_str("it had read the outside world"),
            Cause::Evicted => f.write_str("its value had been evicted"),
            Cause::OldSnapshot => f.write_str("for an old snapshot"),
        }
    }
}

/// The name of a bound query or input, such as `Team::score(Red)`: its `Display` and `Debug`.
///
/// Arguments are written with `Debug` where the signature of the query proves that they have it,
/// else as `..`. The text is made each time it is asked for.
///
/// Two names are equal if they are of one node: the same bound query in the same runtime, as long as
/// it is not forgotten in between. Texts may be alike without that.
#[derive(Clone)]
pub struct BoundName(Arc<dyn Named>);

/// What has a name. The implementation is above, where the arguments are known.
pub(crate) trait Named: Send + Sync {
    fn name(&self) -> &str;
    fn path(&self) -> &str;
    /// Calls the arguments' `Debug`, and does not panic.
    fn text(&self) -> String;
    /// That of the node's identity, which nobody else has while this lives.
    fn address(&self) -> usize;
}

impl BoundName {
    pub(crate) fn new(named: impl Named + 'static) -> Self {
        BoundName(Arc::new(named))
    }

    /// The function, and the type in whose `impl` it stands: `Team::score`. Of an input, its host's type.
    pub fn name(&self) -> &str {
        self.0.name()
    }

    /// The function with the path of its module: `app::team::Team::score`.
    pub fn path(&self) -> &str {
        self.0.path()
    }
}

impl PartialEq for BoundName {
    fn eq(&self, other: &Self) -> bool {
        self.0.address() == other.0.address()
    }
}

impl Eq for BoundName {}

impl Hash for BoundName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.address().hash(state);
    }
}

impl fmt::Display for BoundName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.text())
    }
}

impl fmt::Debug for BoundName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.text())
    }
}
