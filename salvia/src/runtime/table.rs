//! The concurrent raw table: from a 32-bit hash to the slots whose keys have it.
//!
//! It knows no keys: it names candidates, and the caller compares. Look-ups take no lock and
//! write nothing. Inserts take their shard's lock. A look-up that races with growth may miss an
//! entry; so nobody believes a miss before having looked again at an unchanged `inserts`.

use crate::sync::{AtomicU64, AtomicUsize, MODELLED, Mutex, OnceLock, Ordering};

const SHARDS: usize = if MODELLED { 2 } else { 16 };
/// Doublings of a shard's first segment; 32 bits of hash address no more.
const SEGMENTS: usize = if MODELLED { 6 } else { 26 };
const FIRST_SEGMENT: usize = if MODELLED { 4 } else { 64 };

/// Open addressing; an entry is hash << 32 | slot + 1, and 0 is free.
type Segment = Box<[AtomicU64]>;

pub(crate) struct Table {
    shards: [Shard; SHARDS],
}

struct Shard {
    /// Segment `n` is twice segment `n - 1` and holds all its entries; only the last is read.
    segments: [OnceLock<Segment>; SEGMENTS],
    last: AtomicUsize,
    /// Counts inserts; written under `len`.
    inserts: AtomicU64,
    len: Mutex<usize>,
}

impl Table {
    pub(crate) fn new() -> Self {
        Table {
            shards: std::array::from_fn(|_| Shard::new()),
        }
    }

    /// The first of the candidates for `hash` of which `pick` makes something.
    pub(crate) fn find<T>(&self, hash: u64, mut pick: impl FnMut(u32) -> Option<T>) -> Option<T> {
        let shard = self.shard(hash);
        let segment = shard.segments[shard.last.load(Ordering::Acquire)].get()?;
        let wanted = hash as u32;
        let mask = segment.len() - 1;
        let mut place = wanted as usize & mask;
        loop {
            let entry = segment[place].load(Ordering::Acquire);
            if entry == 0 {
                return None;
            }
            if (entry >> 32) as u32 == wanted
                && let Some(found) = pick(entry as u32 - 1)
            {
                return Some(found);
            }
            place = (place + 1) & mask;
        }
    }

    /// How many entries the part of the table that belongs to `hash` has been given.
    pub(crate) fn inserts(&self, hash: u64) -> u64 {
        self.shard(hash).inserts.load(Ordering::Acquire)
    }

    /// Enters `slot`, unless anything was entered since `inserts` was read.
    pub(crate) fn insert(&self, hash: u64, slot: u32, inserts: u64) -> bool {
        let shard = self.shard(hash);
        let mut len = shard.len.lock();
        if shard.inserts.load(Ordering::Relaxed) != inserts {
            return false;
        }
        let segment = shard.with_room(*len);
        place(segment, u64::from(hash as u32) << 32 | u64::from(slot + 1));
        *len += 1;
        shard.inserts.store(inserts + 1, Ordering::Release);
        true
    }

    fn shard(&self, hash: u64) -> &Shard {
        // The low half addresses within a shard, so the shard is chosen by the high half.
        &self.shards[(hash >> 60) as usize % SHARDS]
    }
}

impl Shard {
    fn new() -> Self {
        Shard {
            segments: [const { OnceLock::new() }; SEGMENTS],
            last: AtomicUsize::new(0),
            inserts: AtomicU64::new(0),
            len: Mutex::new(0),
        }
    }

    /// The segment to enter into, at most three quarters full. Under the shard's lock.
    fn with_room(&self, len: usize) -> &Segment {
        let last = self.last.load(Ordering::Relaxed);
        let segment = self.segments[last].get_or_init(|| empty(FIRST_SEGMENT << last));
        if (len + 1) * 4 <= segment.len() * 3 {
            return segment;
        }
        let next = self.segments[last + 1].get_or_init(|| {
            let next = empty(segment.len() * 2);
            let entries = segment.iter().map(|entry| entry.load(Ordering::Relaxed));
            entries
                .filter(|&entry| entry != 0)
                .for_each(|entry| place(&next, entry));
            next
        });
        self.last.store(last + 1, Ordering::Release);
        next
    }
}

fn empty(len: usize) -> Segment {
    (0..len).map(|_| AtomicU64::new(0)).collect()
}

/// Enters an entry at the first free place. Only one thread enters into a segment at a time.
fn place(segment: &Segment, entry: u64) {
    let mask = segment.len() - 1;
    let mut place = (entry >> 32) as usize & mask;
    while segment[place].load(Ordering::Relaxed) != 0 {
        place = (place + 1) & mask;
    }
    segment[place].store(entry, Ordering::Release);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidates(table: &Table, hash: u64) -> Vec<u32> {
        let mut found = Vec::new();
        table.find(hash, |slot| {
            found.push(slot);
            None::<()>
        });
        found
    }

    #[test]
    fn every_entry_is_found_after_growth() {
        let table = Table::new();
        let hash = |n: u64| n.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        for n in 0..10_000 {
            assert!(table.insert(hash(n), n as u32, table.inserts(hash(n))));
        }
        for n in 0..10_000 {
            assert!(
                candidates(&table, hash(n)).contains(&(n as u32)),
                "entry {n}"
            );
        }
    }

    #[test]
    fn equal_hashes_are_all_candidates() {
        let table = Table::new();
        for slot in 0..200 {
            assert!(table.insert(7, slot, table.inserts(7)));
        }
        assert_eq!(candidates(&table, 7).len(), 200);
        assert!(candidates(&table, 8).is_empty());
    }

    #[test]
    fn an_insert_that_did_not_see_the_last_one_is_refused() {
        let table = Table::new();
        let seen = table.inserts(7);
        assert!(table.insert(7, 0, seen));
        assert!(!table.insert(7, 1, seen));
    }
}
