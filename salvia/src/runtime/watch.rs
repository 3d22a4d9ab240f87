//! Watching: a closure's value, again and again, whenever something it read has changed.
//!
//! A watch has a node of its own, which nobody reads: its evaluations record their reads there as
//! a body does, so propagation comes by. It is woken after the revision is published, not during
//! the walk, or it would evaluate at the revision before and sleep for ever. Then it evaluates at
//! the newest revision, so it never falls behind; while nothing changes it costs nothing.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use futures_util::stream::Stream;

use crate::runtime::engine::{Engine, EngineArc};
use crate::runtime::guard::{discard, wake};
use crate::runtime::poll::Mark;
use crate::runtime::watcher::{Evaluated, Watcher};
use crate::runtime::{QueryContext, Runtime};
use crate::sync::{Arc, AtomicBool, HashMap, Mutex, Ordering, Weak};

/// A stream of a closure's values; see [`Runtime::watch`].
#[must_use = "a watch does nothing until it is polled"]
pub struct Watch<T> {
    runtime: Weak<Runtime>,
    evaluate: Evaluate<T>,
    watcher: Option<Watcher<T>>,
    last: Option<T>,
}

type Evaluate<T> = Box<dyn FnMut(QueryContext) -> Pin<Box<dyn Future<Output = T> + Send>> + Send>;

// The evaluation is boxed, so nothing here is pinned.
impl<T> Unpin for Watch<T> {}

impl<T: Clone + PartialEq + Send + 'static> Watch<T> {
    pub(crate) fn new<F, Fut>(runtime: &Arc<Runtime>, mut evaluate: F) -> Self
    where
        F: FnMut(QueryContext) -> Fut + Send + 'static,
        Fut: Future<Output = T> + Send + 'static,
    {
        Watch {
            runtime: Arc::downgrade(runtime),
            evaluate: Box::new(move |cx| Box::pin(evaluate(cx))),
            watcher: Some(Watcher::new(runtime.engine())),
            last: None,
        }
    }

    /// The first value, then each that differs from the one before. `None` when the runtime has
    /// ended.
    ///
    /// While an evaluation fails there is no value; it is tried again at every revision.
    ///
    /// # Cancel safety
    ///
    /// No value is lost when the future is dropped.
    pub async fn next(&mut self) -> Option<T> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    fn step(&mut self, cx: &mut Context<'_>) -> Poll<Option<T>> {
        loop {
            let Some(watcher) = &mut self.watcher else {
                return Poll::Ready(None);
            };
            // It may have ended while something was evaluated, too.
            let runtime = self.runtime.upgrade();
            let Some(runtime) = runtime.filter(|runtime| !runtime.has_ended()) else {
                self.watcher = None;
                continue;
            };
            if !watcher.is_evaluating() {
                Mark::assert_outside_of_bodies(EngineArc::as_ptr(runtime.engine()));
                if watcher.sleeps(cx) {
                    return Poll::Pending;
                }
                if !watcher.begin(&runtime, &mut self.evaluate) {
                    continue;
                }
            }
            drop(runtime);
            match watcher.poll(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Evaluated::Failed) => {}
                Poll::Ready(Evaluated::Value(value)) if self.last.as_ref() == Some(&value) => {}
                Poll::Ready(Evaluated::Value(value)) => {
                    self.last = Some(value.clone());
                    return Poll::Ready(Some(value));
                }
            }
        }
    }
}

impl<T: Clone + PartialEq + Send + 'static> Stream for Watch<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        self.step(cx)
    }
}

impl<T> fmt::Debug for Watch<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").finish_non_exhaustive()
    }
}

/// The watches of an engine that sleep now. Leaf lock.
#[derive(Default)]
pub(crate) struct Sleepers {
    list: Mutex<Sleeping>,
    /// Whether there has been any, for a look without the lock.
    any: AtomicBool,
}

#[derive(Default)]
struct Sleeping {
    /// Woken by a commit that made the watch in this slot dirty.
    by_slot: HashMap<u32, Waker>,
    /// Woken by every commit.
    always: HashMap<u32, Waker>,
}

impl Sleepers {
    /// Notes a watch that goes to sleep; `always` wakes it at every revision.
    pub(crate) fn add(&self, slot: u32, waker: &Waker, always: bool) {
        let waker = waker.clone();
        let mut list = self.list.lock();
        let Sleeping {
            by_slot,
            always: every,
        } = &mut *list;
        let (here, there) = if always {
            (every, by_slot)
        } else {
            (by_slot, every)
        };
        let before = (here.insert(slot, waker), there.remove(&slot));
        // In one order with the revisions that are published: a watch that does not see the newest one is seen by its commit.
        self.any.store(true, Ordering::SeqCst);
        drop(list);
        discard(before);
    }

    pub(crate) fn remove(&self, slot: u32) {
        let mut list = self.list.lock();
        let gone = (list.by_slot.remove(&slot), list.always.remove(&slot));
        drop(list);
        discard(gone);
    }

    /// Wakes the watches in these slots, and those that are woken by every commit.
    pub(crate) fn wake(&self, slots: &[u32]) {
        if !self.any.load(Ordering::SeqCst) {
            return;
        }
        let mut list = self.list.lock();
        if list.by_slot.is_empty() && list.always.is_empty() {
            self.any.store(false, Ordering::SeqCst);
            return;
        }
        let mut wakers: Vec<Waker> = slots
            .iter()
            .filter_map(|slot| list.by_slot.remove(slot))
            .collect();
        wakers.extend(std::mem::take(&mut list.always).into_values());
        drop(list);
        wake(wakers);
    }

    /// Wakes all, since the runtime has ended.
    pub(crate) fn wake_all(&self) {
        let list = std::mem::take(&mut *self.list.lock());
        wake(list.by_slot.into_values().chain(list.always.into_values()));
    }
}

impl Engine {
    /// Ends the engine's work.
    pub(crate) fn close(&self) {
        self.tasks.close();
        self.sleepers.wake_all();
    }
}
