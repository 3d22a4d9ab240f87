//! What the bodies of a world report to and wait at: a resource of the runtime.
//!
//! It also counts what is alive: every key and value that goes into the engine carries a count, so
//! that at the end of a world nothing may be left.

use std::collections::HashMap;
use std::fmt;
use std::future::{Future as _, poll_fn};
use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::{Duration, Instant};

use salvia::Revision;

use crate::limits::Limits;
use crate::rng::mix;

/// A body that does not do what its program says: shows that the drivers notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// Answers what it answered first, like an invalidation that got lost.
    Deaf,
    /// Reads a slot it has no use for, like a dependency that is kept too long.
    Eager,
}

/// Called at every poll of every point of a body. It may panic.
pub(crate) trait Hook: fmt::Debug + Send + Sync {
    fn at(&self);

    /// Whether long waits take time, and not only polls. For drivers with a paused clock.
    fn takes_time(&self) -> bool {
        false
    }
}

/// More than an update lives that nobody waits for.
const LONG: Duration = Duration::from_secs(2);

/// A key or a value that is counted as long as it lives.
#[derive(Clone)]
pub(crate) struct Tracked<T> {
    pub(crate) value: T,
    _live: Arc<()>,
}

impl<T: PartialEq> PartialEq for Tracked<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Tracked<T> {}

impl<T: Hash> Hash for Tracked<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.value.hash(state);
    }
}

impl<T: fmt::Debug> fmt::Debug for Tracked<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<T> Tracked<T> {
    /// Another one, counted together with this one.
    pub(crate) fn with<U>(&self, value: U) -> Tracked<U> {
        Tracked {
            value,
            _live: Arc::clone(&self._live),
        }
    }
}

/// One execution: which body, at which revision.
pub(crate) type Run = (Revision, u16);

#[derive(Debug)]
struct Records {
    started: Mutex<Vec<Run>>,
    finished: Mutex<Vec<Run>>,
    torn: Mutex<Option<Run>>,
    /// The first answer of every node; only for `Fault::Deaf`.
    first: Mutex<HashMap<u16, u8>>,
    attempts: AtomicU64,
    seed: u64,
    noise: u64,
    fault: Fault,
    limits: Limits,
    hook: Option<Arc<dyn Hook>>,
    live: Arc<()>,
}

/// What the bodies report to.
#[derive(Debug, Clone)]
pub(crate) struct Lab(Arc<Records>);

/// The records stay usable when a client panicked while it held one.
pub(crate) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Lab {
    /// A body waits at `noise` of 256 places.
    pub(crate) fn new(
        seed: u64,
        noise: u64,
        fault: Fault,
        limits: Limits,
        hook: Option<Arc<dyn Hook>>,
    ) -> Self {
        Self(Arc::new(Records {
            started: Mutex::default(),
            finished: Mutex::default(),
            torn: Mutex::default(),
            first: Mutex::default(),
            attempts: AtomicU64::new(0),
            seed,
            noise,
            fault,
            limits,
            hook,
            live: Arc::new(()),
        }))
    }

    pub(crate) fn tracked<T>(&self, value: T) -> Tracked<T> {
        Tracked {
            value,
            _live: Arc::clone(&self.0.live),
        }
    }

    pub(crate) fn limits(&self) -> Limits {
        self.0.limits
    }

    pub(crate) fn fault(&self) -> Fault {
        self.0.fault
    }

    /// A body has started; gives the place in the noise script it starts from. Attempts are far
    /// apart.
    pub(crate) fn start(&self, run: Run) -> u64 {
        lock(&self.0.started).push(run);
        self.attempt()
    }

    /// A place in the noise script for a body that is none of a node's.
    pub(crate) fn attempt(&self) -> u64 {
        self.0.attempts.fetch_add(1 << 16, Ordering::Relaxed)
    }

    pub(crate) fn finish(&self, run: Run) {
        lock(&self.0.finished).push(run);
    }

    /// The bodies started since the last call.
    pub(crate) fn take_started(&self) -> Vec<Run> {
        std::mem::take(&mut lock(&self.0.started))
    }

    /// The bodies that came to their end since the last call.
    pub(crate) fn take_finished(&self) -> Vec<Run> {
        std::mem::take(&mut lock(&self.0.finished))
    }

    /// A body that saw two different witnesses.
    pub(crate) fn torn(&self) -> Option<Run> {
        *lock(&self.0.torn)
    }

    pub(crate) fn tore(&self, run: Run) {
        lock(&self.0.torn).get_or_insert(run);
    }

    /// Waits a few times now and then, as the script says for this place of this attempt.
    pub(crate) async fn noise(&self, place: u64) {
        for _ in 0..self.waits(place) {
            tokio::task::yield_now().await;
        }
    }

    fn waits(&self, place: u64) -> u64 {
        if self.0.noise == 0 {
            return 0;
        }
        let drawn = mix(self.0.seed ^ place.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        if drawn % 256 < self.0.noise {
            1 + (drawn >> 8) % 3
        } else {
            0
        }
    }

    /// Noise in a body. The hook is called at each poll.
    pub(crate) async fn point(&self, place: u64) {
        let Some(hook) = &self.0.hook else {
            return self.noise(place).await;
        };
        let mut left = self.waits(place);
        let long = left == 3 && hook.takes_time();
        let mut pause = long.then(|| Box::pin(tokio::time::sleep(LONG)));
        poll_fn(|cx| {
            hook.at();
            if let Some(pause) = &mut pause {
                return pause.as_mut().poll(cx);
            }
            if left == 0 {
                return Poll::Ready(());
            }
            left -= 1;
            cx.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }

    /// The runtime is gone: nothing but the driver holds the resource any more, no key and no value
    /// is left, and no task. What ends only when it is polled next gets the time for it.
    pub(crate) async fn left_alone(&self) -> Result<(), String> {
        let metrics = tokio::runtime::Handle::current().metrics();
        let since = Instant::now();
        loop {
            let labs = Arc::strong_count(&self.0) - 1;
            let live = Arc::strong_count(&self.0.live) - 1;
            let tasks = metrics.num_alive_tasks();
            if labs + live + tasks == 0 {
                return Ok(());
            }
            if since.elapsed() > Duration::from_secs(5) {
                return Err(format!(
                    "the runtime is outlived by {live} keys and values, {tasks} tasks, {labs} handles of the resource"
                ));
            }
            tokio::task::yield_now().await;
        }
    }

    /// The answer of a body, which its fault may change.
    pub(crate) fn answer(&self, node: u16, value: u8) -> u8 {
        if self.0.fault == Fault::Deaf && node % 2 == 1 {
            return *lock(&self.0.first).entry(node).or_insert(value);
        }
        value
    }
}
