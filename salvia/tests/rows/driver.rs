//! One world, one operation after the other, everything checked after each.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures::FutureExt;
use salvia::scope::CallId;
use salvia::{InputContext, Runtime, Snapshot};

use crate::expected::Expected;
use crate::inputs::{Inputs, Shown};
use crate::plan::{Host, LISTS, Op, Place, Sort, plan};
use crate::rng::Rng;
use crate::subject::{Clicks, Fails, Ran, Row, Rows, Slot, Style, Width, list};

/// A row without its ids.
pub(crate) fn plain(row: &Row) -> Shown {
    let cells = row.cells.iter().map(|cell| (cell.at, cell.clicks));
    (row.at, row.clicks, row.shows, cells.collect())
}

/// The ids of rows and their cells, and whose they are.
pub(crate) fn ids(rows: &[Row]) -> impl Iterator<Item = (Host, &CallId)> {
    rows.iter().flat_map(|row| {
        let cells = row.cells.iter().map(|cell| (cell.at, &cell.id));
        cells.chain([(row.at, &row.id)])
    })
}

/// Sets an input that an operation names. A click is none.
pub(crate) async fn write(op: &Op, cx: &InputContext) {
    match op {
        Op::Rows(list, items) => Rows(*list).set(items.clone(), cx).await,
        Op::Slot(what, value) => Slot(*what).set(*value, cx).await,
        Op::Width(what, width) => Width(*what).set(*width, cx).await,
        Op::Fails(what, fails) => Fails(*what).set(*fails, cx).await,
        _ => unreachable!("it sets no input"),
    }
}

fn apply(op: &Op, inputs: &mut Inputs) {
    match op {
        Op::Rows(list, items) => inputs.rows[usize::from(*list)].clone_from(items),
        Op::Slot(what, value) => inputs.slots[usize::from(*what)] = *value,
        Op::Width(what, width) => inputs.widths[usize::from(*what)] = *width,
        Op::Fails(what, fails) => inputs.fails[usize::from(*what)] = *fails,
        _ => unreachable!("it sets no input"),
    }
}

struct Driver {
    sort: Sort,
    rt: Arc<Runtime>,
    ran: Ran,
    expected: Expected,
    ids: BTreeMap<Host, CallId>,
    /// What was shown by snapshots.
    past: BTreeSet<Place>,
    /// With the inputs at that revision, and its number in the model.
    held: Vec<(Snapshot, (Inputs, u64))>,
}

type Checked = Result<(), String>;

fn same<T: PartialEq + std::fmt::Debug>(what: &str, found: &T, expected: &T) -> Checked {
    match found == expected {
        true => Ok(()),
        false => Err(format!("{what}: {found:?}, expected {expected:?}")),
    }
}

impl Driver {
    fn new(sort: Sort) -> Self {
        let ran = Ran::default();
        Driver {
            sort,
            rt: Runtime::builder().resource(ran.clone()).build(),
            ran,
            expected: Expected::new(),
            ids: BTreeMap::new(),
            past: BTreeSet::new(),
            held: Vec::new(),
        }
    }

    async fn step(&mut self, op: &Op) -> Checked {
        match op {
            Op::Rows(..) | Op::Slot(..) | Op::Width(..) | Op::Fails(..) => {
                let before = self.rt.revision();
                self.rt.mutate(async |cx| write(op, &cx).await).await;
                let changes = self.expected.mutate(|inputs| apply(op, inputs));
                same("makes a revision", &(self.rt.revision() > before), &changes)
            }
            Op::Click(nth, clicks) => self.click(*nth, *clicks).await,
            Op::Show(list) => self.show(*list).await,
            Op::Peek(nth) => self.peek(*nth).await,
            Op::Hold => {
                let expected = (self.expected.now.clone(), self.expected.revision());
                let now = (self.rt.snapshot(), expected);
                self.held.push(now);
                Ok(())
            }
            Op::Release(_) | Op::ShowHeld(..) if self.held.is_empty() => Ok(()),
            Op::Release(nth) => {
                drop(self.held.swap_remove(nth % self.held.len()));
                Ok(())
            }
            Op::ShowHeld(nth, number) => {
                let (snapshot, (then, since)) = &self.held[nth % self.held.len()];
                let number = *number;
                let rows = snapshot.query(async |cx| list(number, &cx).await).await;
                self.past.extend(ids(&rows).map(|(at, _)| at.place()));
                let rows: Vec<Shown> = rows.iter().map(plain).collect();
                same("shown in the past", &Some(rows), &then.shown(number))?;
                // What is as it was then is known of now too.
                if self.expected.is_as_at(number, *since) {
                    self.expected.show(number);
                }
                Ok(())
            }
            Op::Collect(what) => {
                self.rt.collect_garbage(*what);
                Ok(())
            }
        }
    }

    fn nth(&self, nth: usize) -> Option<(Host, CallId)> {
        let nth = nth % self.ids.len().max(1);
        let (at, id) = self.ids.iter().nth(nth)?;
        Some((*at, id.clone()))
    }

    async fn click(&mut self, nth: usize, clicks: u8) -> Checked {
        let Some((at, id)) = self.nth(nth) else {
            return Ok(());
        };
        let (before, dropped) = (self.rt.revision(), self.rt.stats().dropped_writes);
        self.rt
            .mutate(async |cx| Clicks(id).set(clicks, &cx).await)
            .await;
        let was_dropped = self.rt.stats().dropped_writes > dropped;
        if !was_dropped && self.past.contains(&at.place()) {
            // Who shows the past may make a row again that is not there any more, until the list runs next.
            self.expected.revive(at);
        }
        let expected = self.expected.click(at, clicks);
        same("the write is dropped", &was_dropped, &expected.is_none())?;
        let changes = expected.unwrap_or(false);
        same("makes a revision", &(self.rt.revision() > before), &changes)
    }

    async fn show(&mut self, number: u8) -> Checked {
        let asking = self.rt.try_query(async |cx| list(number, &cx).await);
        let rows = asking.await.ok();
        if let Some(rows) = &rows {
            self.ids.extend(ids(rows).map(|(at, id)| (at, id.clone())));
        }
        let expected = self.expected.now.shown(number);
        let rows = rows.map(|rows| rows.iter().map(plain).collect());
        same("shown", &rows, &expected)?;
        let (ran, before) = (self.ran.take(), self.expected.now.clone());
        self.expected.show(number);
        let predicted = self.expected.take_ran();
        if self.sort == Sort::Exact {
            same("ran", &ran, &predicted)?;
        }
        if self.expected.now != before {
            // What is left of rows that are gone has been reset.
            self.check_states().await?;
        }
        Ok(())
    }

    async fn peek(&mut self, nth: usize) -> Checked {
        let Some((at, id)) = self.nth(nth) else {
            return Ok(());
        };
        let found = self.rt.query(async |cx| Clicks(id).get(&cx).await).await;
        same("a state", &found, &self.expected.now.clicks(at))
    }

    async fn check_states(&mut self) -> Checked {
        for nth in 0..self.ids.len() {
            self.peek(nth).await?;
        }
        Ok(())
    }

    /// Nothing is left of rows when there are none.
    async fn end(&mut self) -> Checked {
        self.held.clear();
        for number in 0..LISTS {
            self.step(&Op::Rows(number, Vec::new())).await?;
            self.show(number).await?;
        }
        self.check_states().await?;
        self.rt.collect_garbage(salvia::Collect::All);
        for number in 0..LISTS {
            self.rt.query(async |cx| list(number, &cx).await).await;
        }
        let stats = self.rt.stats();
        same("nodes at the end", &stats.nodes, &LISTS.into())?;
        let graph = self.rt.graph();
        let hosted = graph
            .nodes
            .iter()
            .filter(|node| node.name.contains("Clicks"));
        same("states at the end", &hosted.count(), &0)
    }
}

/// Runs a world. Gives the number of the operation that went wrong, and what.
async fn run(sort: Sort, ops: &[Op]) -> Result<(), (usize, String)> {
    let mut driver = Driver::new(sort);
    for (at, op) in ops.iter().enumerate() {
        guarded(driver.step(op)).await.map_err(|what| (at, what))?;
    }
    guarded(driver.end())
        .await
        .map_err(|what| (ops.len(), what))
}

/// The clock is a paused one, which jumps to the next timer as soon as nothing else can run.
async fn guarded(work: impl Future<Output = Checked>) -> Checked {
    let patience = std::time::Duration::from_secs(3600);
    let work = tokio::time::timeout(patience, work);
    match AssertUnwindSafe(work).catch_unwind().await {
        Ok(Ok(done)) => done,
        Ok(Err(_)) => Err("waits for ever".to_owned()),
        Err(_) => Err("panicked".to_owned()),
    }
}

/// Leaves operations out for as long as something goes wrong all the same.
async fn shrink(sort: Sort, mut ops: Vec<Op>, mut what: String) -> (Vec<Op>, String) {
    let mut stretch = ops.len();
    while stretch > 0 {
        let mut from = 0;
        while from < ops.len() {
            let mut fewer = ops.clone();
            fewer.drain(from..(from + stretch).min(ops.len()));
            match run(sort, &fewer).await {
                Err((at, other)) => {
                    fewer.truncate(at + 1);
                    (ops, what) = (fewer, other);
                }
                Ok(()) => from += stretch,
            }
        }
        stretch /= 2;
    }
    (ops, what)
}

/// Does so many operations, world after world.
fn check(budget: usize, seed: u64, length: usize) {
    let mut tokio = tokio::runtime::Builder::new_current_thread();
    let tokio = tokio.enable_all().start_paused(true);
    let tokio = tokio.build().expect("a runtime can be built");
    let (mut done, mut number) = (0, seed);
    while done < budget {
        let sort = match number % 3 {
            0 => Sort::Forgetful,
            _ => Sort::Exact,
        };
        let ops = plan(sort, length, &mut Rng::new(number));
        if let Err((at, what)) = tokio.block_on(run(sort, &ops)) {
            let ops = ops[..ops.len().min(at + 1)].to_vec();
            let (ops, what) = tokio.block_on(shrink(sort, ops, what));
            let ops: Vec<String> = ops.iter().map(|op| format!("  {op}")).collect();
            panic!(
                "{sort:?}: {what}\nafter:\n{}\nreplay: SALVIA_SEED={number} SALVIA_ROWS=1 cargo test --release -p salvia --test rows -- random_lists",
                ops.join("\n")
            );
        }
        done += ops.len();
        number += 1;
    }
}

pub(crate) fn number(name: &str, default: u64) -> u64 {
    let text = std::env::var(name).ok();
    text.map_or(default, |text| text.parse().expect("it is a number"))
}

#[test]
fn random_lists_match_the_model() {
    let fresh = std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), 0) >> 32;
    let seed = number("SALVIA_SEED", fresh);
    let budget = number("SALVIA_ROWS", 60_000);
    println!("rows: {budget} operations, seed {seed}");
    check(budget as usize, seed, 150);
}

#[test]
fn fixed_lists_match_the_model() {
    check(20_000, 0, 60);
}

/// The lists differ in their style, so a world tries all there are.
#[test]
fn the_lists_of_a_world_have_all_styles() {
    let styles = (0..LISTS).map(Style::of);
    assert!(styles.eq([Style::Joined, Style::InTurn, Style::Tolerant]));
}
