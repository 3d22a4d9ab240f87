//! Running scenarios: schedulers, sizes, and how to run a failing schedule again.

use std::any::Any;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind, set_hook, take_hook};
use std::path::PathBuf;
use std::sync::Once;
use std::task::Poll;

use futures::FutureExt;
use shuttle::future::{JoinHandle, block_on, yield_now};
use shuttle::rand::{Rng, thread_rng};
use shuttle::scheduler::{
    PctScheduler, RandomScheduler, ReplayScheduler, Scheduler,
    UncontrolledNondeterminismCheckScheduler,
};
use shuttle::{Config, FailurePersistence, Runner};

/// How many schedules each of the two schedulers runs, unless `SALVIA_SCHEDULES` says.
const SCHEDULES: usize = 2_500;

/// How many changes of priority a schedule of PCT has, plus one.
const DEPTH: usize = 3;

/// Runs a scenario under many schedules, or under the one in the file `SALVIA_REPLAY`.
pub(crate) fn explore<F, Fut>(scenario: F)
where
    F: Fn() -> Fut + Copy + Send + Sync + 'static,
    Fut: Future<Output = ()>,
{
    if let Ok(path) = std::env::var("SALVIA_REPLAY") {
        let mut scheduler =
            ReplayScheduler::new_from_file(path).expect("a schedule is in this file");
        // It ends where the scenario failed.
        scheduler.set_allow_incomplete();
        run(scheduler, scenario);
        return;
    }
    run(PctScheduler::new(DEPTH, schedules()), scenario);
    run(RandomScheduler::new(schedules()), scenario);
}

/// Runs each schedule twice, and fails if the second run differs from the first.
pub(crate) fn explore_twice<F, Fut>(scenario: F)
where
    F: Fn() -> Fut + Copy + Send + Sync + 'static,
    Fut: Future<Output = ()>,
{
    let scheduler = RandomScheduler::new(schedules() / 10);
    run(
        UncontrolledNondeterminismCheckScheduler::new(scheduler),
        scenario,
    );
}

fn schedules() -> usize {
    let text = std::env::var("SALVIA_SCHEDULES").ok();
    text.map_or(SCHEDULES, |text| {
        text.parse().expect("SALVIA_SCHEDULES is a number")
    })
}

fn run<F, Fut>(scheduler: impl Scheduler + 'static, scenario: F)
where
    F: Fn() -> Fut + Copy + Send + Sync + 'static,
    Fut: Future<Output = ()>,
{
    static FAILURE: Once = Once::new();
    let runner = Runner::new(scheduler, config());
    let work = move || block_on(scenario());
    let Err(payload) = catch_unwind(AssertUnwindSafe(|| runner.run(work))) else {
        return;
    };
    FAILURE.call_once(|| {
        eprintln!(
            "to run that schedule again: SALVIA_REPLAY=<the file named above> RUSTFLAGS=\"--cfg shuttle\" \
             CARGO_TARGET_DIR=target/shuttle cargo test -p salvia --test shuttle -- <the name of the test>"
        );
    });
    resume_unwind(payload);
}

fn config() -> Config {
    let mut config = Config::new();
    // The bodies' futures are big, and updates nest on one stack.
    config.stack_size = 1 << 19;
    // That weak memory is not modelled is known.
    config.silence_warnings = true;
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    config.failure_persistence = FailurePersistence::File(Some(folder));
    config
}

/// Starts a task.
pub(crate) fn go<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> Task<T> {
    Task(shuttle::future::spawn(work))
}

/// A task of a scenario.
pub(crate) struct Task<T>(JoinHandle<T>);

impl<T> Task<T> {
    /// The task's value; it was not cancelled.
    pub(crate) async fn value(self) -> T {
        self.0.await.expect("the task was not cancelled")
    }

    /// Cancels the task some time, and gives its value if it was faster.
    pub(crate) async fn cancelled(self) -> Option<T> {
        pause().await;
        self.0.abort();
        self.0.await.ok()
    }
}

/// Lets others go on, some times or not at all.
pub(crate) async fn pause() {
    for _ in 0..thread_rng().gen_range(0..3) {
        if coin() {
            // Steps back behind the others.
            yield_now().await;
        } else {
            pend().await;
        }
    }
}

/// Is pending once, and woken at once.
async fn pend() {
    let mut pending = true;
    poll_fn(|cx| {
        if !std::mem::take(&mut pending) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Heads or tails, as the schedule has it.
pub(crate) fn coin() -> bool {
    thread_rng().gen_bool(0.5)
}

/// What a mutation panics with that comes after the end.
const REFUSED: &str = "salvia: `mutate` was called on a runtime that has ended";

/// The value of a mutation, or `None` if it was refused because the runtime has ended.
pub(crate) async fn unless_refused<T>(mutation: impl Future<Output = T>) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        // In front of the checker's own, which says of every panic that a schedule has failed.
        let report = take_hook();
        set_hook(Box::new(move |panic| {
            if !is_refusal(panic.payload()) {
                report(panic);
            }
        }));
    });
    match AssertUnwindSafe(mutation).catch_unwind().await {
        Ok(value) => Some(value),
        Err(payload) if is_refusal(&*payload) => None,
        Err(payload) => resume_unwind(payload),
    }
}

fn is_refusal(payload: &(dyn Any + Send)) -> bool {
    payload
        .downcast_ref::<String>()
        .is_some_and(|text| text == REFUSED)
}
