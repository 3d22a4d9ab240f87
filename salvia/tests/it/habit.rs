//! What a body reads is most often what it read the last time, and is looked for there first.

use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicUsize, Ordering};

use salvia::{QueryContext, query};

use crate::kit::{Slot, counted, put, ran, soon};

#[query]
async fn leaf(n: u32, cx: &QueryContext) -> i64 {
    ran(cx, format!("leaf({n})"));
    Slot(n).get(cx).await
}

#[tokio::test]
async fn a_body_that_reads_otherwise_than_the_last_time_gets_what_it_asks_for() {
    /// Reads what the digits of slot 0 say, inputs and queries in turns.
    #[query]
    async fn row(cx: &QueryContext) -> Vec<i64> {
        ran(cx, "row");
        let (mut digits, mut row) = (Slot(0).get(cx).await, Vec::new());
        while digits > 0 {
            let slot = (digits % 10) as u32;
            row.push(match slot % 2 {
                0 => Slot(slot).get(cx).await,
                _ => leaf(slot, cx).await,
            });
            digits /= 10;
        }
        row
    }
    soon(async {
        let (rt, counts) = counted();
        for slot in 1..10 {
            put(&rt, slot, i64::from(slot)).await;
        }
        // As before, another at the front, one fewer there, backward, with repeats, short, and long again.
        let digits = [
            87_654_321,
            876_543_219,
            8_765_432,
            2_345_678,
            22_334_455,
            7,
            123_456_789,
            1_234_567_891,
        ];
        for digits in digits {
            put(&rt, 0, digits).await;
            let expected: Vec<i64> = digits
                .to_string()
                .bytes()
                .rev()
                .map(|digit| i64::from(digit - b'0'))
                .collect();
            assert_eq!(rt.query(async |cx| row(&cx).await).await, expected);
            assert_eq!(counts.of("row"), 1);
            counts.take();
        }
        // All that the last run read is known, the rest no more.
        for slot in 1..10 {
            put(&rt, slot, 0).await;
            rt.query(async |cx| row(&cx).await).await;
            assert_eq!(counts.of("row"), 1, "slot {slot} was read");
            counts.take();
        }
    })
    .await;
}

/// How often a key was hashed. No other test has to do with it.
static HASHED: AtomicUsize = AtomicUsize::new(0);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Key(u32);

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        HASHED.fetch_add(1, Ordering::Relaxed);
        self.0.hash(state);
    }
}

#[query]
async fn keyed(key: Key, cx: &QueryContext) -> i64 {
    Slot(key.0).get(cx).await
}

#[query]
async fn all(cx: &QueryContext) -> i64 {
    let mut sum = 0;
    for n in 0..20 {
        sum += keyed(Key(n), cx).await;
    }
    sum
}

#[tokio::test]
async fn what_is_read_as_the_last_time_is_found_without_a_hash() {
    soon(async {
        let (rt, _) = counted();
        let hashed = async |value: i64| {
            put(&rt, 7, value).await;
            HASHED.store(0, Ordering::Relaxed);
            assert_eq!(rt.query(async |cx| all(&cx).await).await, value);
            HASHED.load(Ordering::Relaxed)
        };
        assert!(hashed(1).await >= 20);
        assert_eq!(hashed(2).await, 0);
        assert_eq!(hashed(3).await, 0);
    })
    .await;
}
