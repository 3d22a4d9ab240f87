//! Hits and misses of values that are looked up by a number.

use crate::clock::{Samples, Section};
use crate::count;
use crate::figure::{Entry, Unit};
use crate::world::{Keyed, Shared};

/// Distinct keys of the large look-ups.
pub(crate) const KEYS: u64 = 100_000;

/// Hits in one request.
const HITS: u64 = 1_000_000;

/// Requests that are opened one after the other.
const REQUESTS: u64 = 200_000;

const REPETITIONS: usize = 5;

/// Short sections, so that some of them have both cores to themselves on a machine that does other work as well.
const SHORT: usize = 100;
const FEW_HITS: u64 = 50_000;

/// Worlds that are filled from nothing.
const COLD: usize = 3;

pub(crate) fn numbers() -> Vec<u64> {
    (0..KEYS).collect()
}

/// The same in an order that no cache foresees, one and the same in every process.
fn shuffled<T>(mut items: Vec<T>) -> Vec<T> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for at in (1..items.len()).rev() {
        // xorshift; good enough to lose every order.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        items.swap(at, (state % (at as u64 + 1)) as usize);
    }
    items
}

/// One value, again and again in one request.
pub(crate) async fn hot_hit<E: Keyed>() -> Vec<Entry> {
    let mut engine = E::new().await;
    let key = engine.keys(&[7]);
    assert_eq!(engine.ask(&key, 1).await, 7);
    count::expect(1);
    let mut samples = Samples::default();
    for _ in 0..REPETITIONS {
        let section = Section::begin();
        let sum = engine.ask(&key, HITS).await;
        samples.push(section.end().per(HITS));
        assert_eq!(sum, 7 * HITS);
        count::expect(0);
    }
    vec![Entry::time("hit of a hot value", samples.median())]
}

/// The same value on two threads at once: how many times as much is done as on one.
pub(crate) async fn two_threads<E: Shared>() -> Vec<Entry> {
    let mut engine = E::new().await;
    let key = engine.keys(&[7]);
    assert_eq!(engine.ask(&key, 1).await, 7);
    count::expect(1);
    let (mut one, mut two) = (Samples::default(), Samples::default());
    for _ in 0..SHORT {
        let section = Section::begin();
        let sum = engine.ask(&key, FEW_HITS).await;
        one.push(section.end());
        assert_eq!(sum, 7 * FEW_HITS);
        let section = Section::begin();
        let sum = engine.ask_twice_at_once(&key, FEW_HITS).await;
        two.push(section.end());
        assert_eq!(sum, 2 * 7 * FEW_HITS);
        count::expect(0);
    }
    vec![Entry::new(
        "hits of one value on two threads, of 2.00",
        Unit::Times,
        one.speed_up(2.0, &two),
    )]
}

/// A request that has one hit.
pub(crate) async fn request<E: Keyed>() -> Vec<Entry> {
    let mut engine = E::new().await;
    let key = engine.keys(&[7]);
    assert_eq!(engine.ask(&key, 1).await, 7);
    count::expect(1);
    let mut samples = Samples::default();
    for _ in 0..REPETITIONS {
        let section = Section::begin();
        let sum = engine.requests(key[0], REQUESTS).await;
        samples.push(section.end().per(REQUESTS));
        assert_eq!(sum, 7 * REQUESTS);
        count::expect(0);
    }
    vec![Entry::time("a request with one hit", samples.median())]
}

/// Hits all over a large table.
pub(crate) async fn many_keys<E: Keyed>() -> Vec<Entry> {
    let mut engine = E::new().await;
    // Made in their order, so that an engine that numbers its keys does not see the other order again.
    let keys = engine.keys(&numbers());
    let sum = KEYS * (KEYS - 1) / 2;
    assert_eq!(engine.ask(&keys, 1).await, sum);
    count::expect(KEYS);
    let keys = shuffled(keys);
    let mut samples = Samples::default();
    for _ in 0..2 * REPETITIONS {
        let section = Section::begin();
        let found = engine.ask(&keys, 1).await;
        samples.push(section.end().per(KEYS));
        assert_eq!(found, sum);
        count::expect(0);
    }
    vec![Entry::time("hit among 100,000 keys", samples.median())]
}

/// Values that are not there yet: with a number in hand, and with what the engine would rather be asked with.
pub(crate) async fn cold<E: Keyed>() -> Vec<Entry> {
    let in_disorder = shuffled(numbers());
    let sum = KEYS * (KEYS - 1) / 2;
    let (mut by_number, mut by_key) = (Samples::default(), Samples::default());
    for _ in 0..COLD {
        let mut engine = E::new().await;
        let section = Section::begin();
        let found = engine.ask_numbers(&in_disorder).await;
        by_number.push(section.end().per(KEYS));
        assert_eq!(found, sum);
        count::expect(KEYS);

        let mut engine = E::new().await;
        let keys = shuffled(engine.keys(&numbers()));
        let section = Section::begin();
        let found = engine.ask(&keys, 1).await;
        by_key.push(section.end().per(KEYS));
        assert_eq!(found, sum);
        count::expect(KEYS);
    }
    vec![
        Entry::time("cold value, 100,000 of them", by_number.median()),
        Entry::time("cold value, key made before", by_key.median()),
    ]
}
