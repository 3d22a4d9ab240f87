//! The inputs and queries of the scenarios, and a count of what ran.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use salvia::{Cycle, Input, InputAccess, QueryContext, Revision, Runtime, Scheduling, query};

use shuttle::future::yield_now;

use crate::kit::{Task, coin, go, pause};

/// A numbered input of the number 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputAccess)]
pub(crate) struct Cell(pub(crate) u8);

impl Input<u64> for Cell {
    fn initial(&self) -> u64 {
        0
    }
}

/// How often bodies ran, by name and revision. Cloning shares it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Runs(Arc<Mutex<BTreeMap<(String, u64), Count>>>);

#[derive(Debug, Clone, Copy, Default)]
struct Count {
    begun: u32,
    ended: u32,
}

/// One execution of a body.
pub(crate) struct Run {
    runs: Runs,
    key: (String, u64),
}

impl Run {
    /// The body has come to its end, with a value that counts.
    pub(crate) fn done<T>(self, value: T) -> T {
        self.runs.lock().entry(self.key.clone()).or_default().ended += 1;
        value
    }
}

impl Runs {
    /// How often a body began at a revision.
    pub(crate) fn begun(&self, name: &str, revision: u64) -> u32 {
        self.count(name, revision).begun
    }

    /// How often a body ended at a revision.
    pub(crate) fn ended(&self, name: &str, revision: u64) -> u32 {
        self.count(name, revision).ended
    }

    fn count(&self, name: &str, revision: u64) -> Count {
        let counts = self.lock();
        counts
            .get(&(name.to_owned(), revision))
            .copied()
            .unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<(String, u64), Count>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says that a body begins.
pub(crate) fn run(cx: &QueryContext, name: impl Into<String>) -> Run {
    let runs = Runs::clone(&cx.resource::<Runs>());
    let key = (name.into(), number(cx.revision()));
    runs.lock().entry(key.clone()).or_default().begun += 1;
    Run { runs, key }
}

/// A revision as a number.
pub(crate) fn number(revision: Revision) -> u64 {
    let text = revision.to_string();
    let digits = text
        .strip_prefix('r')
        .expect("a revision is shown as r0, r1, ..");
    digits.parse().expect("a revision is shown as r0, r1, ..")
}

/// A runtime that counts what runs in it. The schedule says whether each update has a task.
pub(crate) fn world() -> (Arc<Runtime>, Runs) {
    let runs = Runs::default();
    let scheduling = if coin() && coin() {
        Scheduling::TaskPerNode
    } else {
        Scheduling::Adaptive
    };
    let builder = Runtime::builder().scheduling(scheduling);
    (builder.resource(runs.clone()).build(), runs)
}

/// Ends the runtime, and checks what [`Runs::check`] does.
pub(crate) async fn finish(rt: Arc<Runtime>, runs: &Runs) {
    rt.shutdown().await;
    drop(rt);
    runs.check().await;
}

impl Runs {
    /// Waits until nothing is left of the runtime, which is for ever if something is, and checks
    /// that no body came to its end twice at one revision.
    pub(crate) async fn check(&self) {
        while Arc::strong_count(&self.0) > 1 {
            yield_now().await;
        }
        for ((name, revision), count) in self.lock().iter() {
            assert!(
                count.ended <= 1,
                "{name} ended {} times at r{revision}",
                count.ended
            );
        }
    }
}

/// Adds one to a cell, in a mutation of its own.
pub(crate) async fn bump(rt: &Arc<Runtime>, cell: u8) {
    rt.mutate(|cx| async move { cx.update(Cell(cell), |value: &mut u64| *value += 1).await })
        .await;
}

/// Asks for a query at the newest revision: gives the number of that, and the value.
macro_rules! ask {
    ($rt:expr, $query:ident $(($argument:expr))?) => {
        $rt.query(|cx| async move {
            ($crate::world::number(cx.revision()), $query($($argument,)? &cx).await)
        })
    };
}
pub(crate) use ask;

/// The same in a task of its own.
macro_rules! go_ask {
    ($rt:expr, $query:ident $(($argument:expr))?) => {
        $crate::kit::go({
            let rt = $rt.clone();
            async move { $crate::world::ask!(rt, $query $(($argument))?).await }
        })
    };
}
pub(crate) use go_ask;

/// A task that adds one to each of these cells, in a mutation each.
pub(crate) fn go_bump(rt: &Arc<Runtime>, cells: &'static [u8]) -> Task<()> {
    let rt = rt.clone();
    go(async move {
        for cell in cells {
            bump(&rt, *cell).await;
        }
    })
}

/// Values that were seen one after the other each have to be newer than the one before.
pub(crate) fn assert_rising<T: PartialOrd + fmt::Debug>(seen: &[T]) {
    let is_rising = seen.is_sorted_by(|before, after| before < after);
    assert!(is_rising, "{seen:?}");
}

/// A cell's value.
#[query]
pub(crate) async fn leaf(cell: u8, cx: &QueryContext) -> u64 {
    let run = run(cx, format!("leaf({cell})"));
    pause().await;
    let value = Cell(cell).get(cx).await;
    pause().await;
    run.done(value)
}

/// Half of a cell's value, which often stays when that changes.
#[query]
pub(crate) async fn half(cell: u8, cx: &QueryContext) -> u64 {
    let run = run(cx, format!("half({cell})"));
    let value = leaf(cell, cx).await / 2;
    pause().await;
    run.done(value)
}

/// The first cell.
#[query]
pub(crate) async fn top(cx: &QueryContext) -> u64 {
    let run = run(cx, "top");
    let value = leaf(0, cx).await;
    pause().await;
    run.done(value)
}

/// The first two cells, one after the other.
#[query]
pub(crate) async fn pair(cx: &QueryContext) -> (u64, u64) {
    let run = run(cx, "pair");
    let first = leaf(0, cx).await;
    pause().await;
    run.done((first, leaf(1, cx).await))
}

/// The first two cells, read by the body itself.
#[query]
pub(crate) async fn plain(cx: &QueryContext) -> (u64, u64) {
    let run = run(cx, "plain");
    let first = Cell(0).get(cx).await;
    pause().await;
    run.done((first, Cell(1).get(cx).await))
}

/// The halves of the first two cells, asked for together.
#[query]
pub(crate) async fn halves(cx: &QueryContext) -> (u64, u64) {
    let run = run(cx, "halves");
    let both = futures::join!(half(0, cx), half(1, cx));
    pause().await;
    run.done(both)
}

/// Asks for `pong` while the switch in cell 9 is as it says, else has a value of its own.
#[query]
pub(crate) async fn ping(cx: &QueryContext) -> u64 {
    let run = run(cx, "ping");
    pause().await;
    let value = match Cell(9).get(cx).await {
        0 | 2 => pong(cx).await + 1,
        _ => 10,
    };
    run.done(value)
}

/// The other half of a cycle while cell 9 is 2; else `ping` asks this, or this asks `ping`.
#[query]
pub(crate) async fn pong(cx: &QueryContext) -> u64 {
    let run = run(cx, "pong");
    pause().await;
    let value = match Cell(9).get(cx).await {
        1 | 2 => ping(cx).await + 2,
        _ => 20,
    };
    run.done(value)
}

/// A cycle of two that has a value: the number of its members.
#[query(cycle = members)]
pub(crate) async fn tick(cx: &QueryContext) -> u64 {
    pause().await;
    tock(cx).await
}

#[query(cycle = members)]
pub(crate) async fn tock(cx: &QueryContext) -> u64 {
    pause().await;
    tick(cx).await
}

fn members(cycle: &Cycle) -> u64 {
    cycle.participants().len() as u64
}
