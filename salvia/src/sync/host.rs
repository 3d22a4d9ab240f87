//! What the engine runs on: std's threads and tokio's tasks.

pub(crate) use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize};
pub(crate) use std::sync::{Mutex as Lock, MutexGuard, OnceLock};
pub(crate) use std::thread_local;

/// Maps and sets of what the engine numbers itself, where nobody can choose keys that collide.
pub(crate) type HashMap<K, V> = std::collections::HashMap<K, V, foldhash::fast::RandomState>;
pub(crate) type HashSet<T> = std::collections::HashSet<T, foldhash::fast::RandomState>;

/// Hashes keys; seeded at random for each runtime, so that nobody can choose keys that collide.
pub(crate) use foldhash::quality::RandomState as KeyHasher;

/// The clock that measures how long user code keeps a core busy.
pub(crate) use std::time::Instant as BusyInstant;

/// The clock of expiry: tokio's, which a test can hold still.
pub(crate) use tokio::time::{Instant, Sleep, sleep, sleep_until};

pub(crate) use tokio::task::{AbortHandle, yield_now};

/// Makes a future take its turn: a task that awaits many of them without a pause lets others go on.
pub(crate) use tokio::task::coop::cooperative;

/// Where tasks are spawned.
pub(crate) use tokio::runtime::Handle as Host;

/// The tokio runtime that was given, else the one this is called in.
pub(crate) fn host(given: Option<Host>) -> Option<Host> {
    given.or_else(|| Host::try_current().ok())
}

/// A number that tells threads apart, most often: where this one has its own memory.
pub(crate) fn thread_mark() -> u32 {
    thread_local! {
        static HERE: u8 = const { 0 };
    }
    let here = HERE.with(|here| std::ptr::from_ref(here).addr()) as u64;
    // What differs is somewhere in the middle; it is spread over the highest bits.
    (here.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as u32
}

/// Nothing: where a model checker could let somebody else go on.
#[inline(always)]
pub(crate) fn step() {}

/// How many tasks run at the same time; 0 if it is one after the other.
pub(crate) fn siblings(host: &Host) -> u32 {
    match u32::try_from(host.metrics().num_workers()) {
        Ok(0 | 1) => 0,
        Ok(workers) => workers,
        Err(_) => u32::MAX,
    }
}
