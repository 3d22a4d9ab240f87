//! What a body reads is most often what it read the last time, and is looked for there first.

use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicUsize, Ordering};

use salvia::{Input, InputAccess, QueryContext, query};

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

#[derive(Debug, Clone, Copy, PartialEq, Eq, InputAccess)]
struct Key(u32);

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        HASHED.fetch_add(1, Ordering::Relaxed);
        self.0.hash(state);
    }
}

impl Input<i64> for Key {
    fn initial(&self) -> i64 {
        1
    }
}

#[query]
async fn keyed(key: Key, cx: &QueryContext) -> i64 {
    Slot(key.0).get(cx).await
}

/// All but one, which slot 100 says: queries, or inputs.
#[query]
async fn all(inputs: bool, cx: &QueryContext) -> i64 {
    let (gone, mut sum) = (Slot(100).get(cx).await, 0);
    for n in (0..20).filter(|&n| i64::from(n) != gone) {
        sum += match inputs {
            false => keyed(Key(n), cx).await,
            true => Key(n).get(cx).await,
        };
    }
    sum
}

#[tokio::test]
async fn what_is_read_as_the_last_time_is_found_without_a_hash() {
    soon(async {
        let (rt, _) = counted();
        let hashed = async |inputs: bool, expected: i64| {
            HASHED.store(0, Ordering::Relaxed);
            assert_eq!(rt.query(async |cx| all(inputs, &cx).await).await, expected);
            HASHED.load(Ordering::Relaxed)
        };
        put(&rt, 100, 19).await;
        put(&rt, 7, 1).await;
        assert!(hashed(false, 1).await >= 19 && hashed(true, 19).await >= 19);
        put(&rt, 7, 2).await;
        assert_eq!(hashed(false, 2).await, 0);
        // What comes after the one that is gone is looked up, and so is the one that is new at the end.
        put(&rt, 100, 3).await;
        assert_eq!(hashed(false, 2).await, 2);
        // A new host is searched for the id of a node besides, which is done by its `Hash`.
        assert_eq!(hashed(true, 19).await, 3);
    })
    .await;
}
