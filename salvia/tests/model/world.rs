//! A sequential world: everything that will be done to it, known beforehand.
//!
//! So the same seed does the same again, and a violation can be shrunk.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt;

use crate::driver::Driver;
use crate::generate::{Maker, operations};
use crate::lab::Fault;
use crate::limits::{Limits, collection};
use crate::operation::Op;
use crate::program::State;
use crate::rng::Rng;
use crate::settings::{self, Beats};
use crate::shrink::shrink;

/// A world and all that is done to it.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) seed: u64,
    pub(crate) slots: u16,
    pub(crate) nodes: u16,
    pub(crate) snapshots: bool,
    pub(crate) noise: u64,
    pub(crate) fault: Fault,
    pub(crate) limits: Limits,
    pub(crate) ops: Vec<Op>,
}

/// What went wrong, and after which operation.
#[derive(Debug)]
pub(crate) struct Violation {
    pub(crate) at: usize,
    pub(crate) what: String,
    pub(crate) state: State,
}

impl World {
    /// The world of a seed, with at most `budget` operations. A smaller budget gives a prefix. Of a
    /// hundred worlds so many forget.
    pub(crate) fn new(seed: u64, budget: u64, forget: usize) -> Self {
        let mut rng = Rng::new(seed);
        let mut maker = Maker::new(&mut rng);
        let snapshots = rng.percent(35);
        let noise = if rng.percent(25) { 20 } else { 0 };
        let length = rng.within(200, 2000) as u64;
        let limits = Limits::of(seed, forget, maker.nodes);
        let ops = operations(&mut maker, snapshots, length.min(budget), &mut rng);
        let ops = if limits.collects {
            with_collections(ops, seed)
        } else {
            ops
        };
        Self {
            seed,
            slots: maker.slots,
            nodes: maker.nodes,
            snapshots,
            noise,
            fault: Fault::None,
            limits,
            ops,
        }
    }

    pub(crate) fn cost(&self) -> u64 {
        self.ops.iter().map(Op::cost).sum()
    }

    /// Runs the world on a fresh engine.
    pub(crate) async fn run(&self, beats: &Beats) -> Result<(), Violation> {
        beats.new_world(settings::replay("sequential", self.seed, self.cost()));
        let mut driver = Driver::new(self);
        for (at, op) in self.ops.iter().enumerate() {
            beats.turn_to(1, format!("operation {at}: {op}"));
            if let Err(what) = guarded(driver.step(op)).await {
                let state = driver.state().clone();
                return Err(Violation { at, what, state });
            }
        }
        let state = driver.state().clone();
        let end = async {
            driver.quiescence().await?;
            driver.end().await
        };
        let at = self.ops.len();
        guarded(end)
            .await
            .map_err(|what| Violation { at, what, state })
    }

    /// Runs the world; a violation is shrunk and reported.
    pub(crate) async fn check(&self, beats: &Beats) {
        let Err(violation) = self.run(beats).await else {
            return;
        };
        panic!("{}", self.report(violation, beats).await);
    }

    pub(crate) async fn report(&self, violation: Violation, beats: &Beats) -> String {
        let replay = settings::replay("sequential", self.seed, self.cost());
        let Violation { at, what, state } = &violation;
        let op = self
            .ops
            .get(*at)
            .map_or("ask all".to_owned(), Op::to_string);
        let found = format!(
            "violation at operation {at}, {op}: {what}\nprogram:\n{state}\nreplay: {replay}"
        );
        settings::say(&found);
        let (small, last) = shrink(self, violation, beats).await;
        let ops: Vec<String> = small.ops.iter().map(|op| format!("  {op}")).collect();
        format!(
            "{found}\nshrunk to:\n{}\n  -> {}",
            ops.join("\n"),
            last.what
        )
    }
}

/// The same operations with collections between them, at the same places of every prefix.
fn with_collections(ops: Vec<Op>, seed: u64) -> Vec<Op> {
    let mut rng = Rng::new(seed ^ 0xc011);
    let mut with = Vec::with_capacity(ops.len());
    for op in ops {
        with.push(op);
        if rng.percent(15) {
            with.push(Op::Collect(collection(&mut rng)));
        }
    }
    with
}

/// A panic of the engine is a violation too, and so is a wait for nothing: the clock of the driver
/// is a paused one, which jumps to the next timer as soon as nothing else can run.
async fn guarded(work: impl Future<Output = Result<(), String>>) -> Result<(), String> {
    let work = tokio::time::timeout(Duration::from_secs(3600), work);
    match AssertUnwindSafe(work).catch_unwind().await {
        Ok(Ok(done)) => done,
        Ok(Err(_)) => Err("waits for ever".to_owned()),
        Err(panic) => Err(format!("panicked: {}", message(&*panic))),
    }
}

/// The text of a panic.
pub(crate) fn message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "(not a text)".to_owned())
}
