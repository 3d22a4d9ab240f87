//! Who is told of events: the observer the runtime was built with, and those that came later.
//!
//! Whoever tells takes a look at the list and no lock. An observer that panics has been reported by
//! the panic hook, and is not called again: it could be broken in the same way at every event.

use std::fmt;

use salvia_thin::Ref;

use crate::event::{Event, Observer};
use crate::runtime::Runtime;
use crate::runtime::engine::{EngineArc, EngineWeak};
use crate::runtime::guard::{discard, guarded};
use crate::sync::{Arc, AtomicBool, Mutex, Ordering, Swap};
use crate::value::Erased;

/// An observer: owned as a value of some type, and called through a thin reference.
pub(crate) struct Listener {
    observer: Box<Erased>,
    thin: fn(&Erased) -> Ref<'_, dyn Observer>,
    has_panicked: AtomicBool,
}

impl Listener {
    pub(crate) fn new<O: Observer + Send + Sync + 'static>(observer: O) -> Self {
        Listener {
            observer: Box::new(observer),
            thin: |observer| {
                let observer: Option<&O> = observer.downcast_ref();
                Ref::new(observer.expect("it has the type it was put in with"))
            },
            has_panicked: AtomicBool::new(false),
        }
    }

    fn tell(&self, event: &Event) {
        if !self.has_panicked.load(Ordering::Acquire) {
            let told = guarded(|| (self.thin)(&*self.observer).event(event));
            if let Err(payload) = told {
                self.has_panicked.store(true, Ordering::Release);
                // A payload whose own drop panics would unwind after all.
                std::mem::forget(payload);
            }
        }
    }
}

/// The observers of a runtime.
pub(crate) struct Listeners {
    /// Whether there are any: the one branch of every hook.
    are_there: AtomicBool,
    all: Swap<Arc<Vec<Arc<Listener>>>>,
    /// Held by who changes the list.
    change: Mutex<()>,
}

impl Listeners {
    pub(crate) fn new(first: Option<Listener>) -> Self {
        let listeners = Listeners {
            are_there: AtomicBool::new(false),
            all: Swap::vacant(),
            change: Mutex::new(()),
        };
        if let Some(first) = first {
            listeners.change(|all| all.push(Arc::new(first)));
        }
        listeners
    }

    // Somebody who came this moment may miss what happens at the same time.
    #[inline]
    pub(crate) fn are_there(&self) -> bool {
        self.are_there.load(Ordering::Relaxed)
    }

    pub(crate) fn tell(&self, event: &Event) {
        let Some(all) = self.all.get() else { return };
        for listener in all.iter() {
            listener.tell(event);
        }
        // Who has gone meanwhile may end here.
        discard(all);
    }

    fn change(&self, how: impl FnOnce(&mut Vec<Arc<Listener>>)) {
        let turn = self.change.lock();
        let before = self.all.get();
        let mut all = before.as_deref().cloned().unwrap_or_default();
        how(&mut all);
        self.are_there.store(!all.is_empty(), Ordering::Relaxed);
        let replaced = self.all.replace(Arc::new(all));
        drop(turn);
        // An observer is a value of the user's.
        discard((before, replaced));
    }
}

/// Keeps an observer told; see [`Runtime::observe`]. Dropping it takes the observer away.
#[must_use = "the observer is taken away when this is dropped"]
pub struct Observing {
    engine: EngineWeak,
    listener: Arc<Listener>,
}

impl Runtime {
    /// Tells somebody what the engine does from now on, beside those it tells already, until what
    /// this gives is dropped. See [`Observer`], also for what it must not do.
    ///
    /// What happens in another thread while it comes or goes may be told or not. It may be
    /// told the rest of an event after it was taken away.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use std::sync::atomic::{AtomicUsize, Ordering};
    /// # use salvia::{query, Event, Observer, QueryContext, Runtime};
    /// struct Events(Arc<AtomicUsize>);
    ///
    /// impl Observer for Events {
    ///     fn event(&self, _: &Event) {
    ///         self.0.fetch_add(1, Ordering::Relaxed);
    ///     }
    /// }
    ///
    /// #[query]
    /// async fn double(n: u64, cx: &QueryContext) -> u64 {
    ///     2 * n
    /// }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let (rt, events) = (Runtime::new().await, Arc::new(AtomicUsize::new(0)));
    /// let observing = rt.observe(Events(events.clone()));
    /// rt.query(async |cx| double(1, &cx).await).await;
    /// drop(observing);
    /// rt.query(async |cx| double(2, &cx).await).await;
    /// assert_eq!(events.load(Ordering::Relaxed), 1);
    /// # }
    /// ```
    pub fn observe(&self, observer: impl Observer + Send + Sync + 'static) -> Observing {
        let listener = Arc::new(Listener::new(observer));
        let engine = self.engine();
        engine.listeners.change(|all| all.push(listener.clone()));
        Observing {
            engine: EngineArc::downgrade(engine),
            listener,
        }
    }
}

impl Drop for Observing {
    fn drop(&mut self) {
        if let Some(engine) = self.engine.upgrade() {
            let is_other = |each: &Arc<Listener>| !Arc::ptr_eq(each, &self.listener);
            engine.listeners.change(|all| all.retain(is_other));
        }
    }
}

impl fmt::Debug for Observing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Observing").finish_non_exhaustive()
    }
}
