//! Seeds and sizes from the environment, and the watchdog.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::io::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::lab::lock;

/// Long enough for a loaded machine: an operation takes microseconds.
const PATIENCE: Duration = Duration::from_secs(10);

fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is not a number: {text}")),
    )
}

/// The seed of this run: a fresh one, unless one is to be replayed.
pub(crate) fn seed() -> u64 {
    // Short seeds are easier to pass on, and 2^32 of them are enough to start from.
    number("SALVIA_SEED").unwrap_or_else(|| RandomState::new().hash_one(0) >> 32)
}

/// The number of operations to do.
pub(crate) fn budget(name: &str, default: u64) -> u64 {
    number(name).unwrap_or(default)
}

/// How often each concurrent world is run.
pub(crate) fn repeat() -> u64 {
    number("SALVIA_REPEAT").unwrap_or(1).max(1)
}

/// Prints past the capture of the test harness: the seed has to be seen even if the process is
/// killed.
pub(crate) fn say(text: &str) {
    // Nothing can be done about a closed standard error.
    drop(writeln!(std::io::stderr(), "{text}"));
}

/// The command that runs one world again.
pub(crate) fn replay(driver: &str, seed: u64, operations: u64) -> String {
    let size = format!("SALVIA_{}", driver.to_uppercase());
    format!(
        "SALVIA_SEED={seed} {size}={operations} cargo test --release -p salvia --test model -- {driver}::random --nocapture"
    )
}

/// What a driver is doing, for the watchdog to look at.
#[derive(Debug, Default)]
pub(crate) struct Beats {
    done: AtomicU64,
    doing: Mutex<Vec<String>>,
}

impl Beats {
    /// Says what the client of this number turns to.
    pub(crate) fn turn_to(&self, client: usize, what: String) {
        let mut doing = lock(&self.doing);
        if doing.len() <= client {
            doing.resize(client + 1, String::new());
        }
        doing[client] = what;
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    /// Forgets what the clients of the last world did.
    pub(crate) fn new_world(&self, what: String) {
        lock(&self.doing).clear();
        self.turn_to(0, what);
    }
}

/// Ends the process when a driver makes no progress: a hang is a violation like any other.
#[derive(Debug)]
pub(crate) struct Watchdog {
    pub(crate) beats: Arc<Beats>,
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Watchdog {
    pub(crate) fn start() -> Self {
        let beats = Arc::new(Beats::default());
        let (stop, stopped) = channel::<()>();
        let seen = Arc::clone(&beats);
        let thread = std::thread::spawn(move || {
            let mut last = seen.done.load(Ordering::Relaxed);
            while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(PATIENCE) {
                let done = seen.done.load(Ordering::Relaxed);
                if done == last {
                    hang(&seen);
                }
                last = done;
            }
        });
        Self {
            beats,
            stop: Some(stop),
            thread: Some(thread),
        }
    }
}

fn hang(beats: &Beats) -> ! {
    say(&format!("violation: no progress for {PATIENCE:?}"));
    for (client, what) in lock(&beats.doing).iter().enumerate() {
        say(&format!("  {client}: {what}"));
    }
    std::process::exit(101)
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        // The thread ends when its channel closes.
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}
