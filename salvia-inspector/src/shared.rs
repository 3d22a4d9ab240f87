//! What all requests have in common.

use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use salvia::{Observing, Runtime};
use tokio::sync::{Mutex, Semaphore};
use tokio::task::spawn_blocking;

use crate::access::{Hosts, Token};
use crate::history::History;
use crate::picture::Picture;

/// Pictures are taken no more often than this, and for one part in [`SHARE`] of the time at most.
const SHORTEST: Duration = Duration::from_millis(100);
const SHARE: u32 = 8;

/// Also without an event a node may have begun to run.
const LONGEST: Duration = Duration::from_secs(2);

/// A picture nobody has looked at for so long goes.
const IDLE: Duration = Duration::from_secs(10);

/// Searches and the like at once.
const AT_WORK: usize = 2;

/// See the module.
pub(crate) struct Shared {
    runtime: Weak<Runtime>,
    pub(crate) history: Arc<History>,
    pub(crate) token: Token,
    pub(crate) hosts: Hosts,
    taken: Mutex<Option<Taken>>,
    at_work: Semaphore,
    /// Takes the history away from the runtime when it goes.
    _observing: Observing,
}

struct Taken {
    picture: Arc<Picture>,
    at: Instant,
    cost: Duration,
    looked_at: Instant,
}

impl Taken {
    fn is_fresh(&self, change: u64) -> bool {
        let shortest = SHORTEST.max(self.cost * SHARE);
        let age = self.at.elapsed();
        age < shortest || (self.picture.change == change && age < LONGEST)
    }
}

impl Shared {
    pub(crate) fn new(
        runtime: Weak<Runtime>,
        history: Arc<History>,
        observing: Observing,
        token: Token,
        hosts: Hosts,
    ) -> Self {
        Shared {
            runtime,
            history,
            token,
            hosts,
            taken: Mutex::new(None),
            at_work: Semaphore::new(AT_WORK),
            _observing: observing,
        }
    }

    /// The runtime, if somebody else still keeps it.
    pub(crate) fn runtime(&self) -> Option<Arc<Runtime>> {
        self.runtime.upgrade()
    }

    /// A picture that is not old; how old it is, its own count of what has happened tells. One is taken at a time, and who comes meanwhile shares it. `None` once the runtime has
    /// ended.
    pub(crate) async fn picture(&self) -> Option<Arc<Picture>> {
        let mut taken = self.taken.lock().await;
        let Some(runtime) = self.runtime() else {
            let old = taken.take();
            drop(taken);
            drop(old);
            return None;
        };
        let change = self.history.change();
        if let Some(taken) = taken.as_mut().filter(|taken| taken.is_fresh(change)) {
            taken.looked_at = Instant::now();
            return Some(taken.picture.clone());
        }
        let at = Instant::now();
        let (old, history) = (taken.take(), self.history.clone());
        let picture = spawn_blocking(move || {
            // Both hold users' keys, which are dropped here and under no lock of ours.
            drop(old);
            let picture = Arc::new(Picture::take(&runtime, &history));
            history.keep(picture.nodes.len(), |name| picture.of_name(name).is_some());
            picture
        });
        let picture = picture.await.ok()?;
        *taken = Some(Taken {
            picture: picture.clone(),
            at,
            cost: at.elapsed(),
            looked_at: Instant::now(),
        });
        Some(picture)
    }

    /// Does what takes a while where it holds nobody up. `None` if it panicked: names are users' `Debug`.
    pub(crate) async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let place = self.at_work.acquire().await;
        let _place = place.expect("the semaphore is never closed");
        spawn_blocking(work).await.ok()
    }

    /// Lets go of the picture if nobody looks any more.
    pub(crate) async fn forget_if_idle(&self) {
        let mut taken = self.taken.lock().await;
        let idle = taken.take_if(|taken| taken.looked_at.elapsed() > IDLE);
        drop(taken);
        drop(idle);
    }
}
