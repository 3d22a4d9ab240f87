//! Queries that wait together, and queries that compute together.

use crate::clock::{Samples, Section, Spent};
use crate::count;
use crate::figure::{Entry, Unit};
use crate::shape::work;
use crate::world::{Busy, Sleeping};

const SLEEPERS: u64 = 1_000;

const REPETITIONS: u64 = 10;

/// Short ones, so that some have both cores to themselves on a machine that does other work as well.
const PAIRS: u64 = 30;

/// Pairs after the first that an engine sees.
const LATER: u64 = 3;

/// A thousand queries of a millisecond, all at once.
pub(crate) async fn sleeping<E: Sleeping>() -> Vec<Entry> {
    let mut samples = Samples::default();
    for _ in 0..REPETITIONS {
        let mut engine = E::new().await;
        let section = Section::begin();
        let answers = engine.sleep(SLEEPERS).await;
        samples.push(section.end());
        assert_eq!(answers, SLEEPERS);
        count::expect(SLEEPERS);
    }
    vec![Entry::time(
        "1,000 leaves of 1 ms under join_all",
        samples.median(),
    )]
}

/// Two queries that keep a core busy: the first that the engine sees of them, and later ones.
pub(crate) async fn busy<E: Busy>() -> Vec<Entry> {
    let mut alone = Samples::default();
    let mut pairs = [Samples::default(), Samples::default()];
    let mut beside = [0, 0];
    for _ in 0..PAIRS {
        let section = Section::begin();
        let (one, two) = (work(0), work(1));
        alone.push(section.end());

        let mut engine = E::new().await;
        pairs[0].push(timed(&mut engine, 0, one.wrapping_add(two)).await);
        beside[0] += count::began_beside();
        for number in 1..=LATER {
            let expected = work(2 * number).wrapping_add(work(2 * number + 1));
            pairs[1].push(timed(&mut engine, 2 * number, expected).await);
        }
        beside[1] += count::began_beside();
    }
    let of = [PAIRS, PAIRS * LATER];
    let mut entries = Vec::new();
    for (at, which) in ["the first two", "later ones"].into_iter().enumerate() {
        let share = 100.0 * beside[at] as f64 / of[at] as f64;
        let name = format!("busy siblings under join, {which}: run at the same time");
        entries.push(Entry::plain(&name, Unit::Percent, share));
        let name = format!("busy siblings under join, {which}: speed-up, of 2.00");
        let speed_up = alone.speed_up(1.0, &pairs[at]);
        entries.push(Entry::new(&name, Unit::Times, speed_up));
    }
    entries
}

async fn timed<E: Busy>(engine: &mut E, number: u64, expected: u64) -> Spent {
    let section = Section::begin();
    let sum = engine.both(number).await;
    let spent = section.end();
    assert_eq!(sum, expected);
    count::expect(2);
    spent
}
