//! Contexts: what a closure or a body is given to read and to write with.

use std::fmt;
use std::time::Duration;

use crate::bug::planted;
use crate::revision::Revision;
use crate::runtime::access::{Input, Shown, pair, show, value};
use crate::runtime::engine::Engine;
use crate::runtime::frame::Frame;
use crate::runtime::mutate::Mutation;
use crate::sync::{Arc, Instant, Thin, ThinAny};
use crate::value::{Stashable, Value};

/// Reads at one revision: what a query body and a closure given to `query` work with.
///
/// A body gets a reference to its own; everything it reads is recorded there. The context of a
/// root keeps the runtime and the revision alive for as long as it lives.
///
/// ```
/// # use salvia::{query, QueryContext, Runtime};
/// #[query]
/// async fn at(cx: &QueryContext) -> String {
///     cx.revision().to_string()
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let rt = Runtime::new().await;
/// assert_eq!(rt.query(async |cx| at(&cx).await).await, "r0");
/// # }
/// ```
pub struct QueryContext(Thin<Frame>);

impl QueryContext {
    pub(crate) fn new(frame: Thin<Frame>) -> Self {
        QueryContext(frame)
    }

    /// The context of a body, from the frame it was started with.
    pub(crate) fn of(frame: ThinAny) -> Self {
        let frame = frame.typed();
        QueryContext(frame.unwrap_or_else(|_| unreachable!("a body is started with a frame")))
    }

    #[inline]
    pub(crate) fn frame(&self) -> &Thin<Frame> {
        &self.0
    }

    /// The revision everything here is read at.
    pub fn revision(&self) -> Revision {
        self.0.asker.revision()
    }

    /// The resource of type `T` that was given to [`Runtime::builder`](crate::Runtime::builder).
    ///
    /// Resources are clients, pools, clocks: they are not tracked, and what is read through them
    /// must not change the value of a query.
    ///
    /// # Panics
    ///
    /// If there is none, with the name of the type.
    pub fn resource<T: Send + Sync + 'static>(&self) -> Arc<T> {
        self.try_resource().unwrap_or_else(|| {
            let name = std::any::type_name::<T>();
            panic!("salvia: no resource of type `{name}`; give one to `Runtime::builder().resource(..)`")
        })
    }

    /// The resource of type `T`, if there is one.
    pub fn try_resource<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.engine().resources.get::<Arc<T>>().cloned()
    }

    /// Says that this execution has read the outside world, which the engine cannot see change:
    /// the query runs again when it is asked at another revision.
    ///
    /// At a root it says nothing, since nothing is stored there; in a watch it asks for a look at
    /// every revision.
    ///
    /// ```
    /// # use salvia::{query, QueryContext};
    /// #[query]
    /// async fn load_average(cx: &QueryContext) -> Option<String> {
    ///     cx.untracked();
    ///     std::fs::read_to_string("/proc/loadavg").ok()
    /// }
    /// ```
    pub fn untracked(&self) {
        self.0
            .note(|record| record.volatile = !planted("untracked-ignored"));
    }

    /// Says that the value of this execution may be kept for `time`, on tokio's clock. Then the
    /// query runs again when it is asked, and watches that depend on it are woken.
    ///
    /// The time counts from here; said more than once, the one that ends first counts. The end of a
    /// value's time is a revision of its own. At a root it says nothing; in a watch it asks for
    /// another look.
    ///
    /// ```
    /// # use salvia::{query, QueryContext};
    /// # use std::time::Duration;
    /// #[query]
    /// async fn rate(currency: String, cx: &QueryContext) -> u64 {
    ///     cx.expires_in(Duration::from_secs(60));
    ///     // Ask a server ...
    ///     # 1
    /// }
    /// ```
    pub fn expires_in(&self, time: Duration) {
        // A time beyond the end of the clock never comes.
        let Some(time) = Instant::now().checked_add(time) else {
            return;
        };
        self.0.note(|record| {
            let earlier = record.expires_at.map_or(time, |before| before.min(time));
            record.expires_at = Some(earlier);
        });
    }

    fn engine(&self) -> &Engine {
        self.0.asker.engine()
    }
}

impl fmt::Debug for QueryContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QueryContext")
            .field("revision", &self.revision())
            .finish_non_exhaustive()
    }
}

/// Reads and writes inputs: what a closure given to `mutate` works with.
///
/// Writes are collected here and come into force together, when the closure has ended well.
/// Reads see them at once; everything else sees the last commit until then.
///
/// # Panics
///
/// Its methods, and `get` and `set` with it, panic once its closure has ended.
///
/// ```
/// # use salvia::{Input, InputAccess, Runtime};
/// #[derive(Clone, PartialEq, Eq, Hash, InputAccess)]
/// struct Visits;
/// impl Input<u32> for Visits {
///     fn initial(&self) -> u32 { 0 }
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let rt = Runtime::new().await;
/// let seen = rt.mutate(async |cx| {
///     Visits.set(6, &cx).await;
///     cx.update(Visits, |visits: &mut u32| *visits += 1).await;
///     Visits.get(&cx).await
/// });
/// assert_eq!(seen.await, 7);
/// # }
/// ```
pub struct InputContext(Thin<Mutation>);

impl InputContext {
    pub(crate) fn new(mutation: Thin<Mutation>) -> Self {
        InputContext(mutation)
    }

    /// The last committed revision, on which this mutation builds.
    pub fn revision(&self) -> Revision {
        self.0.revision
    }

    /// Changes an input's value in place of reading and setting it.
    ///
    /// If `change` panics, nothing is written.
    ///
    /// # Cancel safety
    ///
    /// Ready at its first poll.
    pub async fn update<H: Input<V>, V: Stashable>(&self, host: H, change: impl FnOnce(&mut V)) {
        let mut value = self.read(host.clone(), None);
        change(&mut value);
        self.write(host, None, value);
    }

    /// Gives an input its initial value again.
    ///
    /// # Cancel safety
    ///
    /// Ready at its first poll.
    pub async fn unset<V: Stashable>(&self, host: impl Input<V>) {
        let initial = host.initial();
        self.write(host, None, initial);
    }

    /// The value this mutation has written, else the committed one.
    pub(crate) fn read<H: Input<V>, V: Stashable>(&self, host: H, shown: Shown<H>) -> V {
        let (engine, revision) = (&self.0.engine, self.0.revision);
        if engine.is_dropped(&host) {
            return host.initial();
        }
        let found = engine.input::<H, V>(host, shown);
        if let Some(written) = self.0.written(found.edge().slot) {
            return written.get::<V>().clone();
        }
        if found.memo().covers(revision) {
            return value(found.memo());
        }
        value(&pair(engine, revision, &found).memo)
    }

    pub(crate) fn write<H: Input<V>, V: Stashable>(&self, host: H, shown: Shown<H>, value: V) {
        let engine = &self.0.engine;
        if engine.is_dropped(&host) {
            self.0.assert_open();
            return engine.dropped_writes.add(1);
        }
        let found = engine.input::<H, V>(host, shown);
        show(found.memo().bound.kind(), shown);
        self.0.write(found, Value::new(value));
    }
}

impl fmt::Debug for InputContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InputContext")
            .field("revision", &self.revision())
            .finish_non_exhaustive()
    }
}

/// What an input is read through.
#[derive(Clone, Copy)]
pub enum Reader<'cx> {
    #[doc(hidden)]
    Query(&'cx QueryContext),
    #[doc(hidden)]
    Input(&'cx InputContext),
}

mod sealed {
    pub trait Sealed {
        #[doc(hidden)]
        fn reader(&self) -> super::Reader<'_>;
    }
}

/// What inputs can be read with: both contexts, and references and boxes of them.
///
/// Sealed: it is for bounds, not for implementing.
///
/// ```
/// # use salvia::{Input, InputAccess, ReadContext};
/// # #[derive(Clone, PartialEq, Eq, Hash, InputAccess)]
/// # struct Limit;
/// # impl Input<u32> for Limit { fn initial(&self) -> u32 { 3 } }
/// async fn over_limit(n: u32, cx: &impl ReadContext) -> bool {
///     n > Limit.get::<u32>(cx).await
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "salvia: inputs cannot be read with a `{Self}`",
    note = "pass the `QueryContext` of a query or the `InputContext` of a mutation"
)]
pub trait ReadContext: sealed::Sealed + Send + Sync {}

impl sealed::Sealed for QueryContext {
    fn reader(&self) -> Reader<'_> {
        Reader::Query(self)
    }
}

impl sealed::Sealed for InputContext {
    fn reader(&self) -> Reader<'_> {
        Reader::Input(self)
    }
}

impl ReadContext for QueryContext {}
impl ReadContext for InputContext {}

macro_rules! through {
    ($($pointer:ty),*) => {$(
        impl<C: ReadContext + ?Sized> sealed::Sealed for $pointer {
            fn reader(&self) -> Reader<'_> {
                (**self).reader()
            }
        }
        impl<C: ReadContext + ?Sized> ReadContext for $pointer {}
    )*};
}

through!(&C, &mut C, Box<C>, Arc<C>);
