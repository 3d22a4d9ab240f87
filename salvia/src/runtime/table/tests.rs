//! What the table promises: every entry is a candidate until it is removed, whatever moved
//! meanwhile, a miss that was looked at twice is one, and memory follows the number of entries.

use std::collections::BTreeSet;

use super::*;
use crate::sync::AtomicBool;

fn candidates(table: &Table, hash: u64) -> Vec<u32> {
    let mut found = Vec::new();
    table.find(hash, |slot| {
        found.push(slot);
        None::<()>
    });
    found
}

fn names(table: &Table, hash: u64, slot: u32) -> bool {
    table
        .find(hash, |there| (there == slot).then_some(()))
        .is_some()
}

fn insert(table: &Table, hash: u64, slot: u32) {
    assert!(table.insert(hash, slot, table.inserts(hash)));
}

/// A hash whose bits are all as good as random.
fn spread(n: u64) -> u64 {
    let n = (n + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let n = (n ^ (n >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    n ^ (n >> 32)
}

impl Table {
    fn cells(&self) -> usize {
        let segments = self.shards.iter().flat_map(|shard| &shard.segments);
        segments
            .filter_map(OnceLock::get)
            .map(|cells| cells.len())
            .sum()
    }

    fn cells_in_use(&self) -> usize {
        let segments = self.shards.iter().flat_map(|shard| &shard.segments);
        let cells = segments.filter_map(OnceLock::get).flatten();
        cells
            .filter(|cell| cell.load(Ordering::Relaxed) != 0)
            .count()
    }

    fn bytes(&self) -> usize {
        size_of::<Table>() + self.cells() * size_of::<AtomicU64>()
    }

    fn len(&self) -> usize {
        self.shards.iter().map(|shard| *shard.len.lock()).sum()
    }
}

#[test]
fn every_entry_is_found_after_growth() {
    let table = Table::new();
    for n in 0..100_000 {
        insert(&table, spread(n), n as u32);
    }
    for n in 0..100_000 {
        assert!(names(&table, spread(n), n as u32), "entry {n}");
    }
    assert_eq!(table.len(), 100_000);
}

#[test]
fn equal_hashes_are_all_candidates_once() {
    let table = Table::new();
    for slot in 0..10_000 {
        insert(&table, 7, slot);
    }
    let found = candidates(&table, 7);
    assert_eq!(found.len(), 10_000);
    assert_eq!(BTreeSet::from_iter(found).len(), 10_000);
    assert!(candidates(&table, 8).is_empty());
}

#[test]
fn equal_hashes_that_move_at_growth_and_go_over_the_end_stay_candidates() {
    let table = Table::new();
    // Their home is the last cell whatever the size, so each growth moves all of them.
    for slot in 0..3_000 {
        insert(&table, 0xFFFF_FFFF, slot);
        insert(&table, u64::from(slot % 5), slot);
    }
    assert_eq!(candidates(&table, 0xFFFF_FFFF).len(), 3_000);
    for hash in 0..5 {
        assert_eq!(candidates(&table, hash).len(), 600);
    }
}

#[test]
fn a_look_up_that_has_not_heard_of_growth_ends() {
    let table = Table::new();
    // The first half of the cells becomes full, and the second is not looked at.
    (0..FIRST + 10).for_each(|slot| insert(&table, 0, slot));
    let free = |_, cell: &AtomicU64| (cell.load(Ordering::Relaxed) == 0).then_some(());
    assert_eq!(table.shard(0).walk(0, FIRST - 1, free), None);
}

#[test]
fn an_insert_that_did_not_see_the_last_one_is_refused() {
    let table = Table::new();
    let seen = table.inserts(7);
    assert!(table.insert(7, 0, seen));
    assert!(!table.insert(7, 1, seen));
}

#[test]
fn an_insert_that_did_not_see_an_entry_move_is_refused() {
    let table = Table::new();
    (0..2).for_each(|slot| insert(&table, 7, slot));
    let seen = table.inserts(7);
    assert!(table.remove(7, 0), "the second moves up");
    assert!(!table.insert(7, 2, seen));
}

#[test]
fn a_removed_entry_is_no_candidate_and_the_others_are() {
    let table = Table::new();
    (0..200).for_each(|slot| insert(&table, 7, slot));
    for slot in (0..200).step_by(2) {
        assert!(table.remove(7, slot));
        assert!(!table.remove(7, slot), "removed twice");
    }
    let odd: BTreeSet<_> = (0..200).filter(|slot| slot % 2 == 1).collect();
    assert_eq!(BTreeSet::from_iter(candidates(&table, 7)), odd);
    assert!(!table.remove(8, 1), "another hash");
    assert_eq!(table.len(), 100);
}

#[test]
fn nothing_is_removed_from_an_empty_table() {
    assert!(!Table::new().remove(7, 0));
}

/// Hashes close to each other and to both ends of the cells, so that runs meet, go over the end
/// and are split by growth.
#[test]
fn a_table_with_long_runs_holds_what_a_set_holds() {
    for seed in 0..20 {
        let (table, mut set) = (Table::new(), BTreeSet::new());
        for step in 0..6_000_u64 {
            let random = spread(seed << 32 | step);
            let hash = (random & 0x7CF).wrapping_sub(6) & 0xFFFF_FFFF;
            let slot = (random >> 40) as u32 % 8;
            // It first grows, and then shrinks.
            if (random >> 50) % 6_000 < step {
                assert_eq!(table.remove(hash, slot), set.remove(&(hash, slot)));
            } else if set.insert((hash, slot)) {
                insert(&table, hash, slot);
            }
            if step % 500 == 0 {
                let lost = set.iter().find(|&&(hash, slot)| !names(&table, hash, slot));
                assert_eq!(lost, None, "seed {seed}, step {step}");
            }
        }
        assert_eq!(table.len(), set.len());
        for &(hash, slot) in &set {
            assert_eq!(
                candidates(&table, hash)
                    .iter()
                    .filter(|&&it| it == slot)
                    .count(),
                1
            );
            assert!(table.remove(hash, slot));
        }
        assert_eq!(table.cells_in_use(), 0, "seed {seed}");
    }
}

#[test]
fn an_entry_takes_about_fourteen_bytes_whatever_the_size() {
    let table = Table::new();
    let (mut looks, mut sum) = (0, 0.0);
    let mut next = 10_000;
    for n in 0..1_000_000 {
        if n == next {
            let each = table.bytes() as f64 / n as f64;
            assert!(each < 16.0, "{each} bytes each of {n}");
            (looks, sum, next) = (looks + 1, sum + each, next + next / 16);
        }
        insert(&table, spread(n), n as u32);
    }
    let each = sum / f64::from(looks);
    assert!(each < 14.5, "{each} bytes on average");
}

#[test]
fn removal_leaves_room_for_other_entries() {
    let table = Table::new();
    let mut first = 0;
    for round in 0..100 {
        let keys = round * 100_000..(round + 1) * 100_000;
        keys.clone()
            .for_each(|n| insert(&table, spread(n), n as u32));
        if round == 0 {
            first = table.cells();
        }
        assert!(keys.clone().all(|n| table.remove(spread(n), n as u32)));
    }
    assert_eq!(table.len(), 0);
    // Shards fill a little differently every time, so a few may have grown once more.
    assert!(
        table.cells() < first * 3 / 2,
        "{} cells, {first} at first",
        table.cells()
    );
}

/// Enters a slot as the store does. Whether it was there.
fn enter(table: &Table, hash: u64, slot: u32) -> bool {
    loop {
        let seen = table.inserts(hash);
        if names(table, hash, slot) {
            return true;
        }
        if table.insert(hash, slot, seen) {
            return false;
        }
    }
}

/// All threads in the same few shards, with long runs, so that their growth and their removals
/// go on below each other's look-ups.
#[test]
fn no_thread_believes_a_miss_of_what_is_there() {
    const THREADS: u32 = 3;
    const KEYS: u32 = 3_000;
    let hash = |slot: u32| spread(u64::from(slot / 4)) & 0x0800_0000_0000_FFFF;
    for _ in 0..3 {
        let table = Table::new();
        let (lasting, fleeting) = (0..200, 1_000..);
        lasting
            .clone()
            .for_each(|slot| insert(&table, hash(slot), slot));
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let reader = scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    for slot in lasting.clone() {
                        assert!(enter(&table, hash(slot), slot), "slot {slot}");
                    }
                }
            });
            let writers = (0..THREADS).map(|thread| {
                let (table, fleeting) = (&table, fleeting.clone());
                scope.spawn(move || {
                    let own = fleeting.skip(thread as usize).step_by(THREADS as usize);
                    let own: Vec<u32> = own.take(KEYS as usize).collect();
                    for _ in 0..3 {
                        for &slot in &own {
                            assert!(!enter(table, hash(slot), slot), "slot {slot} is new");
                            assert!(enter(table, hash(slot), slot), "slot {slot} is there");
                        }
                        for &slot in &own {
                            assert!(table.remove(hash(slot), slot), "slot {slot} goes");
                            assert!(!names(table, hash(slot), slot), "slot {slot} is gone");
                        }
                    }
                })
            });
            let writers: Vec<_> = writers.collect();
            let ends: Vec<_> = writers.into_iter().map(|writer| writer.join()).collect();
            over.store(true, Ordering::Relaxed);
            assert!(ends.iter().all(|end| end.is_ok()));
            assert!(reader.join().is_ok());
        });
        assert_eq!(table.len(), 200);
        assert_eq!(table.cells_in_use(), 200);
    }
}
