//! What the tests share: how runtimes are made, a watchdog, counters of executions, gates, live counters, and one plain input.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::Future;
use std::io::Write;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures::FutureExt;
use salvia::runtime::Builder;
use salvia::{Input, InputAccess, QueryContext, Runtime, Scheduling};
use tokio::sync::Semaphore;

#[cfg(feature = "tracing")]
#[path = "kit/undecided.rs"]
mod undecided;

/// A runtime of this run of the suite.
pub(crate) fn runtime() -> Arc<Runtime> {
    builder().build()
}

/// A builder with the scheduling this run of the suite is about. What a test claims holds wherever updates run, so every test
/// makes its runtimes here, and the suite is run with `SALVIA_SCHEDULING=task-per-node` as well.
pub(crate) fn builder() -> Builder {
    with(scheduling())
}

/// For a test about what is done in place, with the reason why it says nothing of tasks.
pub(crate) fn in_place(_why: &'static str) -> Builder {
    with(Scheduling::InPlace)
}

fn with(scheduling: Scheduling) -> Builder {
    #[cfg(feature = "tracing")]
    undecided::listen();
    Runtime::builder().scheduling(scheduling)
}

pub(crate) fn scheduling() -> Scheduling {
    match std::env::var("SALVIA_SCHEDULING").as_deref() {
        Err(_) | Ok("adaptive") => Scheduling::Adaptive,
        Ok("task-per-node") => Scheduling::TaskPerNode,
        Ok(other) => panic!("SALVIA_SCHEDULING is `adaptive` or `task-per-node`, not `{other}`"),
    }
}

/// A numbered input of the number 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputAccess)]
pub(crate) struct Slot(pub(crate) u32);

impl Input<i64> for Slot {
    fn initial(&self) -> i64 {
        0
    }
}

/// Sets one slot in a mutation of its own.
pub(crate) async fn put(rt: &Arc<Runtime>, slot: u32, value: i64) {
    rt.mutate(|cx| async move { Slot(slot).set(value, &cx).await })
        .await;
}

/// What the bodies noted, by name. Cloning shares it, so a test keeps one and gives one to the runtime.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counts(Arc<Mutex<BTreeMap<String, usize>>>);

impl Counts {
    pub(crate) fn note(&self, what: impl Into<String>) {
        *self.lock().entry(what.into()).or_default() += 1;
    }

    pub(crate) fn of(&self, what: &str) -> usize {
        self.lock().get(what).copied().unwrap_or(0)
    }

    /// All that was noted since the last call, sorted, as often as it was noted.
    pub(crate) fn take(&self) -> Vec<String> {
        let noted = std::mem::take(&mut *self.lock());
        noted
            .into_iter()
            .flat_map(|(what, n)| std::iter::repeat_n(what, n))
            .collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, usize>> {
        // A test that panics on purpose says nothing about the numbers.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Notes one execution of a body.
pub(crate) fn ran(cx: &QueryContext, what: impl Into<String>) {
    cx.resource::<Counts>().note(what);
}

/// A runtime whose bodies can call [`ran`], and the counter.
pub(crate) fn counted() -> (Arc<Runtime>, Counts) {
    let counts = Counts::default();
    (builder().resource(counts.clone()).build(), counts)
}

/// A runtime whose bodies can also wait at a gate.
pub(crate) fn gated() -> (Arc<Runtime>, Counts, Gate) {
    let (counts, gate) = (Counts::default(), Gate::default());
    let rt = builder()
        .resource(counts.clone())
        .resource(gate.clone())
        .build();
    (rt, counts, gate)
}

/// A door the bodies wait at; the test sees who has come and opens it, for good.
#[derive(Debug, Clone)]
pub(crate) struct Gate(Arc<[Semaphore; 2]>);

impl Default for Gate {
    fn default() -> Self {
        Self(Arc::new([Semaphore::new(0), Semaphore::new(0)]))
    }
}

impl Gate {
    /// Says "I am here" and waits until the gate is open.
    pub(crate) async fn pass(&self) {
        self.0[0].add_permits(1);
        // A closed semaphore is an open gate: it refuses at once, for ever.
        let _ = self.0[1].acquire().await;
    }

    /// Waits until one more has come.
    pub(crate) async fn entered(&self) {
        self.0[0]
            .acquire()
            .await
            .expect("nobody closes the arrivals")
            .forget();
    }

    pub(crate) fn open(&self) {
        self.0[1].close();
    }
}

/// Waits at the gate of the runtime.
pub(crate) async fn pass(cx: &QueryContext) {
    cx.resource::<Gate>().pass().await;
}

/// How many tokens are alive.
#[derive(Debug, Clone, Default)]
pub(crate) struct Live(Arc<AtomicUsize>);

impl Live {
    pub(crate) fn token(&self) -> Token {
        self.0.fetch_add(1, Ordering::SeqCst);
        Token(self.clone())
    }

    pub(crate) fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }

    /// Waits, a second at most, until no more than `n` are alive.
    pub(crate) async fn settles_at(&self, n: usize) {
        let end = Instant::now() + Duration::from_secs(1);
        while self.count() > n {
            assert!(
                Instant::now() < end,
                "{} alive after a second, {n} expected",
                self.count()
            );
            tokio::task::yield_now().await;
        }
    }
}

/// One live thing; a clone is another.
#[derive(Debug)]
pub(crate) struct Token(Live);

impl Clone for Token {
    fn clone(&self) -> Self {
        self.0.token()
    }
}

impl Drop for Token {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A number that is counted while it lives: as a key, as a value, as an input.
#[derive(Debug, Clone)]
pub(crate) struct Tracked(
    pub(crate) u64,
    #[expect(dead_code, reason = "its life is what counts")] Token,
);

impl Tracked {
    pub(crate) fn new(number: u64, live: &Live) -> Self {
        Self(number, live.token())
    }
}

impl PartialEq for Tracked {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Eq for Tracked {}

impl std::hash::Hash for Tracked {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

/// The watchdog: two seconds for `f`.
#[track_caller]
pub(crate) fn soon<F: Future>(f: F) -> impl Future<Output = F::Output> {
    within(2, f)
}

/// The watchdog with another patience. A blocked thread never sees a timer fire, so a second one stands behind the first.
#[track_caller]
pub(crate) fn within<F: Future>(seconds: u64, f: F) -> impl Future<Output = F::Output> {
    let place = std::panic::Location::caller();
    async move {
        backstop(place, Duration::from_secs(seconds + 20));
        tokio::select! {
            // First the clock: its alarm would else hide that nobody had woken `f`.
            biased;
            () = tokio::time::sleep(Duration::from_secs(seconds)) => {
                panic!("{place}: still waiting after {seconds} s")
            }
            outcome = f => outcome,
        }
    }
}

/// Ends the process with the name of the test when its thread is not done in time: neither with its body nor with dropping its
/// tokio runtime, which waits for every thread that spins.
fn backstop(place: &'static std::panic::Location<'static>, patience: Duration) {
    thread_local! {
        /// Goes with the thread of the test, or when the next test begins on it.
        static RUNNING: RefCell<Option<mpsc::Sender<()>>> = const { RefCell::new(None) };
    }
    let (running, done) = mpsc::channel();
    RUNNING.set(Some(running));
    std::thread::spawn(move || {
        if done.recv_timeout(patience) == Err(RecvTimeoutError::Timeout) {
            // Not `eprintln`: the harness would keep it for the end of a test that has none.
            let _ = writeln!(std::io::stderr(), "{place}: a thread is blocked or spins");
            std::process::abort();
        }
    });
}

/// The text of the panic that `f` ends in.
pub(crate) async fn panic_text<F: Future>(f: F) -> String {
    match AssertUnwindSafe(f).catch_unwind().await {
        Ok(_) => panic!("this was to panic"),
        Err(payload) => match payload.downcast::<String>() {
            Ok(text) => *text,
            Err(payload) => payload
                .downcast::<&str>()
                .map_or_else(|_| String::new(), |text| text.to_string()),
        },
    }
}

/// Panics where a body or a closure has to keep its type.
pub(crate) fn boom(text: &str) {
    panic!("{text}");
}
