//! A typing session in a large folder, replayed on three ways to keep its answers up to date: folio's core on salvia, the
//! same core from scratch at each edit, the same functions on salsa.
//!
//! Writes `RESULTS.md`. With a number of edits and a number of rounds as arguments it only prints.

mod ask;
#[path = "../../../examples/folio/benches/scale/corpus.rs"]
mod corpus;
mod engines;
mod figures;
mod replay;
mod report;
mod session;
mod world;

use anyhow::Context;

use crate::ask::Engine;
use crate::engines::folio::Folio;
use crate::engines::salsa::Salsa;
use crate::engines::scratch::Scratch;
use crate::replay::{Outcome, Typing, replay};
use crate::report::Column;
use crate::session::Session;
use crate::world::World;

const EDITS: usize = 500;
const ROUNDS: usize = 5;
/// How many edits there are from one comparison of the answers to the next.
const SAMPLE: usize = 20;

fn main() -> anyhow::Result<()> {
    let given: Vec<usize> = std::env::args()
        .skip(1)
        .map(|number| number.parse().context("edits and rounds are numbers"))
        .collect::<anyhow::Result<_>>()?;
    let edits = given.first().copied().unwrap_or(EDITS);
    let rounds = given.get(1).copied().unwrap_or(ROUNDS);
    let load = report::load();
    let world = World::new()?;
    let session = Session::new(&world, edits);
    let mut columns = ["folio", "from scratch", "salsa"].map(|name| Column {
        name,
        rounds: Vec::new(),
    });
    for round in 0..rounds {
        let outcomes = [
            run::<Folio>(&world, &session, Typing::Paced)?,
            run::<Scratch>(&world, &session, Typing::Samples)?,
            run::<Salsa>(&world, &session, Typing::Paced)?,
        ];
        compare(&outcomes)?;
        for (column, outcome) in columns.iter_mut().zip(outcomes) {
            column.rounds.push(outcome);
        }
        eprintln!("round {} of {rounds}", round + 1);
    }
    let table = report::table(&columns, &load);
    println!("{table}");
    if given.is_empty() {
        report::write(&table)?;
    }
    Ok(())
}

/// A session in a tokio runtime of its own.
fn run<E: Engine>(world: &World, session: &Session, typing: Typing) -> anyhow::Result<Outcome> {
    let tokio = tokio::runtime::Runtime::new()?;
    tokio.block_on(replay::<E>(world, session, typing, SAMPLE))
}

/// Fails if an answer of one engine is another than that of the first.
fn compare(outcomes: &[Outcome]) -> anyhow::Result<()> {
    let (first, others) = outcomes.split_first().context("something was run")?;
    for other in others {
        anyhow::ensure!(other.samples.len() == first.samples.len());
        for (one, other) in first.samples.iter().zip(&other.samples) {
            anyhow::ensure!(
                one == other,
                "after edit {}: {one:#?}\n{other:#?}",
                one.edit
            );
        }
    }
    Ok(())
}
