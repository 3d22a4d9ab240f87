//! What stands in for std and tokio under a model checker.
//!
//! shuttle runs all tasks on one thread and decides at every operation below who goes on. Memory is
//! sequentially consistent here: what a weaker order of stores and loads could do is not shown.
//! Reference counts are std's own and tokio's `Notify` and fair `Mutex` run as they are: each of
//! their operations is one step, with a scheduling point of the engine's own before and after it.
//! Whatever else is left to chance is drawn from the scheduler, so that a schedule can be replayed.

use std::collections::hash_map::DefaultHasher;
use std::future::Future;
use std::hash::BuildHasherDefault;
use std::mem::ManuallyDrop;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use shuttle::future::JoinHandle;
use shuttle::rand::{Rng, thread_rng};
use shuttle::thread::LocalKey;

pub(crate) use shuttle::future::{AbortHandle, yield_now};
pub(crate) use shuttle::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize};
pub(crate) use shuttle::sync::{Mutex as Lock, MutexGuard};

/// Maps with an order that is the same in every run.
pub(crate) type HashMap<K, V> = std::collections::HashMap<K, V, BuildHasherDefault<DefaultHasher>>;
pub(crate) type HashSet<T> = std::collections::HashSet<T, BuildHasherDefault<DefaultHasher>>;

/// Hashes keys, the same in every run.
pub(crate) use foldhash::quality::FixedState as KeyHasher;

/// A scheduling point.
pub(crate) fn step() {
    shuttle::thread::sleep(Duration::ZERO);
}

/// Models std's: made once, and who comes while it is being made waits.
#[derive(Debug)]
pub(crate) struct OnceLock<T> {
    made: std::sync::OnceLock<T>,
    making: Lock<()>,
}

impl<T> OnceLock<T> {
    pub(crate) const fn new() -> Self {
        OnceLock {
            made: std::sync::OnceLock::new(),
            making: Lock::new(()),
        }
    }

    pub(crate) fn get(&self) -> Option<&T> {
        step();
        self.made.get()
    }

    pub(crate) fn set(&self, value: T) -> Result<(), T> {
        let _making = self.making.lock();
        self.made.set(value)
    }

    pub(crate) fn take(&mut self) -> Option<T> {
        self.made.take()
    }

    pub(crate) fn get_or_init(&self, make: impl FnOnce() -> T) -> &T {
        if let Some(value) = self.get() {
            return value;
        }
        let _making = self.making.lock();
        if let Some(value) = self.made.get() {
            return value;
        }
        // Made before std's own is entered: a task that is put off inside it would block the thread.
        let value = make();
        self.made.get_or_init(|| value)
    }
}

impl<T> Default for OnceLock<T> {
    fn default() -> Self {
        OnceLock::new()
    }
}

impl<T> From<T> for OnceLock<T> {
    fn from(value: T) -> Self {
        OnceLock {
            made: std::sync::OnceLock::from(value),
            making: Lock::new(()),
        }
    }
}

/// Here everybody takes turns anyway.
pub(crate) fn cooperative<F: Future>(future: F) -> F {
    future
}

/// Any: all tasks are on one thread.
pub(crate) fn thread_mark() -> u32 {
    thread_rng().gen_range(0..2) << 31
}

/// A point in model time, which stands still: a timer runs out when the scheduler says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Instant;

pub(crate) type BusyInstant = Instant;

impl Instant {
    pub(crate) fn now() -> Self {
        Instant
    }

    /// Now and then long, so that a poll is found to have taken its time at any point.
    pub(crate) fn elapsed(self) -> Duration {
        if thread_rng().gen_ratio(1, 8) {
            Duration::from_millis(2)
        } else {
            Duration::ZERO
        }
    }

    pub(crate) fn checked_add(self, _: Duration) -> Option<Self> {
        Some(self)
    }
}

/// Models tokio's timer: runs out after some polls, a number that is drawn. In between it lets
/// others go on, or does not hold itself back.
pub(crate) struct Sleep {
    polls: u32,
    yields: bool,
}

pub(crate) fn sleep(_: Duration) -> Sleep {
    Sleep {
        polls: thread_rng().gen_range(0..8),
        yields: thread_rng().gen_bool(0.5),
    }
}

pub(crate) fn sleep_until(_: Instant) -> Sleep {
    sleep(Duration::ZERO)
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        step();
        let Some(polls) = self.polls.checked_sub(1) else {
            return Poll::Ready(());
        };
        self.polls = polls;
        if self.yields {
            return pin!(yield_now()).poll(cx);
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

/// Models a tokio runtime with as many threads as there are tasks.
#[derive(Debug)]
pub(crate) struct Host;

/// A tokio runtime has no part in a model.
pub(crate) fn host(_: Option<tokio::runtime::Handle>) -> Option<Host> {
    Some(Host)
}

/// None of the first updates is given a task for that alone: one that waits is, and all schedules of it are seen.
pub(crate) fn siblings(_: &Host) -> u32 {
    0
}

/// Models being inside of a tokio runtime, which the model always is.
pub(crate) struct Entered;

impl Host {
    pub(crate) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) -> Spawned {
        Spawned(ManuallyDrop::new(shuttle::future::spawn(work)))
    }

    pub(crate) fn enter(&self) -> Entered {
        Entered
    }
}

/// Models tokio's handle of a task. It is never let go of: the checker waits for the tasks it has
/// handles of, and so reports one that never ends.
pub(crate) struct Spawned(ManuallyDrop<JoinHandle<()>>);

/// How a task ended that has no value: it was aborted.
pub(crate) struct Cancelled;

impl Cancelled {
    pub(crate) fn is_cancelled(&self) -> bool {
        true
    }
}

impl Spawned {
    pub(crate) fn abort(&self) {
        self.0.abort();
    }

    pub(crate) fn abort_handle(&self) -> AbortHandle {
        self.0.abort_handle()
    }
}

impl Future for Spawned {
    type Output = Result<(), Cancelled>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let ended = Pin::new(&mut *self.0).poll(cx);
        ended.map(|ended| ended.map_err(|_| Cancelled))
    }
}

/// Models a thread-local, with a task for a thread: what is in one is put back when a poll ends,
/// so it does not matter which thread the next poll has.
pub(crate) struct Local<T: 'static>(pub(crate) &'static LocalKey<T>);

/// Declares [`Local`]s as std's macro of this name does.
macro_rules! local {
    ($($(#[$attr:meta])* $vis:vis static $name:ident: $type:ty = const { $init:expr });* $(;)?) => {$(
        $(#[$attr])*
        $vis static $name: $crate::sync::Local<$type> = {
            ::shuttle::thread_local! { static KEY: $type = const { $init } }
            $crate::sync::Local(&KEY)
        };
    )*};
}
pub(crate) use local as thread_local;

impl<T> Local<std::cell::Cell<T>> {
    pub(crate) fn get(&'static self) -> T
    where
        T: Copy,
    {
        self.0.with(std::cell::Cell::get)
    }

    pub(crate) fn set(&'static self, value: T) {
        self.0.with(|cell| cell.set(value));
    }

    pub(crate) fn replace(&'static self, value: T) -> T {
        self.0.with(|cell| cell.replace(value))
    }
}

impl<T> Local<std::cell::RefCell<T>> {
    pub(crate) fn with_borrow<R>(&'static self, look: impl FnOnce(&T) -> R) -> R {
        self.0.with(|cell| look(&cell.borrow()))
    }

    pub(crate) fn with_borrow_mut<R>(&'static self, change: impl FnOnce(&mut T) -> R) -> R {
        self.0.with(|cell| change(&mut cell.borrow_mut()))
    }
}
