//! Queries that wait together, and queries that compute together.

use crate::clock::{Samples, Section, Spent};
use crate::count;
use crate::figure::{Entry, Unit};
use crate::shape::work;
use crate::world::{Busy, Sleeping};

const SLEEPERS: u64 = 1_000;

const REPETITIONS: u64 = 10;

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
    let (mut alone, mut first, mut later) =
        (Samples::default(), Samples::default(), Samples::default());
    for _ in 0..REPETITIONS {
        let section = Section::begin();
        let (one, two) = (work(0), work(1));
        alone.push(section.end());

        let mut engine = E::new().await;
        first.push(timed(&mut engine, 0, one.wrapping_add(two)).await);
        for number in 1..4 {
            let expected = work(2 * number).wrapping_add(work(2 * number + 1));
            later.push(timed(&mut engine, 2 * number, expected).await);
        }
    }
    let alone = alone.median();
    let speed_up = |name, of: &Samples| {
        let value = Spent {
            // What a second core does costs the same CPU time as on the first.
            cpu: f64::NAN,
            wall: alone.wall / of.median().wall,
        };
        Entry::new(name, Unit::Times, value)
    };
    vec![
        speed_up(
            "two busy siblings under join, the first ones, of 2.00",
            &first,
        ),
        speed_up("two busy siblings under join, later ones, of 2.00", &later),
    ]
}

async fn timed<E: Busy>(engine: &mut E, number: u64, expected: u64) -> Spent {
    let section = Section::begin();
    let sum = engine.both(number).await;
    let spent = section.end();
    assert_eq!(sum, expected);
    count::expect(2);
    spent
}
