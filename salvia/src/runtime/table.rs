//! The concurrent raw table: from a 32-bit hash to the slots whose keys have it.
//!
//! It knows no keys: it names candidates, and the caller compares. Look-ups take no lock and
//! write nothing; inserts and removals take their shard's lock. A look-up that races with them
//! may miss an entry; so nobody believes a miss before having looked again at an unchanged
//! `inserts`.
//!
//! A shard is open addressing with linear probing over cells that never move: when it is full,
//! as many cells again are put behind them, and about half of the entries go there. So no old
//! copy is kept, and a cell is found by arithmetic; pages that split one by one would need a
//! directory, which is one more dependent load in every hit, and its size grows with the table.
//! The price is that a shard grows all at once, though most look-ups find what they look for
//! meanwhile. The shards' shares of the hashes differ, so that they grow one after the other,
//! and the table as a whole is always about as full: some 14 bytes an entry.

use crate::bug::planted;
use crate::sync::{AtomicU32, AtomicU64, MODELLED, Mutex, OnceLock, Ordering};

const SHARDS: usize = 16;
/// Cells of the first segment.
const FIRST: u32 = if MODELLED { 4 } else { 64 };
/// Enough for as many cells in a shard as there are hashes; slots run out long before.
const SEGMENTS: usize = 27;

/// The shard of a hash, by its highest byte. Each share is larger than the one before by the
/// sixteenth root of two, so the last is about to be twice the first.
const SHARD_OF: [u8; 256] = {
    const ROOT: f64 = 1.044_273_782_427_413_8;
    let mut shards = [0; 256];
    let (mut byte, mut shard, mut end) = (0, 0, 256.0 * ROOT);
    while byte < shards.len() {
        if (256 + byte) as f64 >= end {
            shard += 1;
            end *= ROOT;
        }
        shards[byte] = shard;
        byte += 1;
    }
    shards
};

/// An entry is hash << 32 | slot + 1, and 0 is a free cell. No cell is free between the home
/// of an entry, which is the cell its hash names, and the cell it stands in.
type Segment = Box<[AtomicU64]>;

pub(crate) struct Table {
    shards: [Shard; SHARDS],
}

/// What look-ups read comes first; what only writers need comes last, on other cache lines.
#[repr(C, align(64))]
struct Shard {
    /// One less than the number of cells, which is a power of two.
    mask: AtomicU32,
    /// Each segment goes on where the one before ends, and has as many cells as all before it.
    segments: [OnceLock<Segment>; SEGMENTS],
    /// Counts inserts, and removals that move other entries; written under `len`.
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
    #[inline]
    pub(crate) fn find<T>(&self, hash: u64, mut pick: impl FnMut(u32) -> Option<T>) -> Option<T> {
        let shard = self.shard(hash);
        let wanted = hash as u32;
        let mask = shard.mask.load(Ordering::Acquire);
        let found = shard.walk(wanted, mask, |_, cell| {
            let entry = cell.load(Ordering::Acquire);
            if entry == 0 {
                return Some(None);
            }
            if (entry >> 32) as u32 != wanted {
                return None;
            }
            pick(entry as u32 - 1).map(Some)
        });
        found.flatten()
    }

    /// A count that moves whenever the part of the table that belongs to `hash` is given an
    /// entry, or moves one.
    pub(crate) fn inserts(&self, hash: u64) -> u64 {
        self.shard(hash).inserts.load(Ordering::Acquire)
    }

    /// Enters `slot`, unless anything was entered or moved since `inserts` was read.
    pub(crate) fn insert(&self, hash: u64, slot: u32, inserts: u64) -> bool {
        let shard = self.shard(hash);
        let mut len = shard.len.lock();
        if shard.inserts.load(Ordering::Relaxed) != inserts && !planted("insert-unchecked") {
            return false;
        }
        let mask = shard.with_room(*len);
        shard.enter(packed(hash, slot), mask);
        *len += 1;
        shard.inserts.store(inserts + 1, Ordering::Release);
        true
    }

    /// Takes an entry away; `false` if it is not there. A look-up that has begun before may
    /// still name the slot.
    pub(crate) fn remove(&self, hash: u64, slot: u32) -> bool {
        let shard = self.shard(hash);
        let mut len = shard.len.lock();
        let mask = shard.mask.load(Ordering::Relaxed);
        let Some((at, cell)) = shard.place(packed(hash, slot), mask) else {
            return false;
        };
        if cell.load(Ordering::Relaxed) == 0 {
            return false;
        }
        if shard.close(at, cell, mask) {
            let inserts = shard.inserts.load(Ordering::Relaxed);
            shard.inserts.store(inserts + 1, Ordering::Release);
        }
        *len -= 1;
        true
    }

    #[inline]
    fn shard(&self, hash: u64) -> &Shard {
        // The low half addresses within a shard, so the shard is chosen by the high half.
        &self.shards[SHARD_OF[(hash >> 56) as usize] as usize % SHARDS]
    }
}

/// All but `walk` and `cells` is called under the shard's lock.
impl Shard {
    fn new() -> Self {
        Shard {
            mask: AtomicU32::new(FIRST - 1),
            segments: [const { OnceLock::new() }; SEGMENTS],
            inserts: AtomicU64::new(0),
            len: Mutex::new(0),
        }
    }

    /// The cells from `at` to the end of its segment.
    #[inline]
    fn cells(&self, at: u32) -> Option<&[AtomicU64]> {
        let number = (at | (FIRST - 1)).ilog2() as usize + 1 - FIRST.ilog2() as usize;
        let segment = self.segments[number].get()?;
        segment.get(at as usize & (segment.len() - 1)..)
    }

    /// Shows `stop` the cells from `at` on and their numbers, the first after the last, until it
    /// makes something of one. It may have none to show, or, to a look-up that has not yet heard
    /// of growth, no free one; so it goes round a limited number of times.
    #[inline]
    fn walk<'a, T>(
        &'a self,
        mut at: u32,
        mask: u32,
        mut stop: impl FnMut(u32, &'a AtomicU64) -> Option<T>,
    ) -> Option<T> {
        // Once round is every segment, and the one it began in the midst of a second time.
        for _ in 0..SEGMENTS + 1 {
            at &= mask;
            let cells = self.cells(at)?;
            for (cell, at) in cells.iter().zip(at..) {
                if let Some(found) = stop(at, cell) {
                    return Some(found);
                }
            }
            at += cells.len() as u32;
        }
        None
    }

    /// Where an entry stands, or else the cell to put it in; `None` in a shard without cells.
    fn place(&self, entry: u64, mask: u32) -> Option<(u32, &AtomicU64)> {
        self.walk(home(entry), mask, |at, cell| {
            let there = cell.load(Ordering::Relaxed);
            (there == 0 || there == entry).then_some((at, cell))
        })
    }

    /// Puts an entry in its place, if it does not stand there already.
    fn enter(&self, entry: u64, mask: u32) -> &AtomicU64 {
        let (_, cell) = self.place(entry, mask).expect("one cell in six is free");
        cell.store(entry, Ordering::Release);
        cell
    }

    /// Frees a cell, and moves up what would not be found behind a free cell. Whether it moved
    /// anything. An entry is for a moment in two cells rather than in none.
    fn close<'a>(&'a self, at: u32, cell: &'a AtomicU64, mask: u32) -> bool {
        let (mut hole, mut free) = (at, cell);
        self.walk(at + 1, mask, |at, cell| {
            let entry = cell.load(Ordering::Relaxed);
            if entry == 0 {
                return Some(());
            }
            let from_home = at.wrapping_sub(home(entry)) & mask;
            if from_home >= at.wrapping_sub(hole) & mask {
                free.store(entry, Ordering::Release);
                (hole, free) = (at, cell);
            }
            None
        });
        free.store(0, Ordering::Release);
        hole != at
    }

    /// Makes room for one more, so that one cell in six stays free. Gives the mask.
    fn with_room(&self, len: usize) -> u32 {
        let mask = self.mask.load(Ordering::Relaxed);
        if (len as u64 + 1) * 6 > (u64::from(mask) + 1) * 5 {
            return self.grow(mask + 1);
        }
        self.segments[0].get_or_init(|| free_cells(FIRST));
        mask
    }

    /// Puts as many cells again behind the `old` ones, for the entries whose hash has the bit
    /// set that is looked at from now on. Gives the new mask.
    fn grow(&self, old: u32) -> u32 {
        let mask = old | (old - 1);
        let number = (old / FIRST).ilog2() as usize + 1;
        let upper = self.segments[number].get_or_init(|| free_cells(old));
        let lower = || self.segments[..number].iter().flat_map(OnceLock::get);
        // Copied first, so that those who know the new mask and those who do not yet both find
        // them. What would go over the end has to wait.
        for cell in lower().flatten() {
            let entry = cell.load(Ordering::Relaxed);
            if entry != 0 && home(entry) & old != 0 {
                let mut cells = upper[(home(entry) & (old - 1)) as usize..].iter();
                if let Some(cell) = cells.find(|cell| cell.load(Ordering::Relaxed) == 0) {
                    cell.store(entry, Ordering::Release);
                }
            }
        }
        self.mask.store(mask, Ordering::Release);
        // Then each is put in its place, in the order of the cells from a free one on, so that
        // no cell is freed between the home and the place of an entry that has had its turn.
        // Those before the free cell may have come there from the other end; they are taken out
        // and put in last, and what goes over the new end meanwhile finds room there.
        let mut cells = lower().flatten();
        let first = cells.by_ref().map(|cell| cell.swap(0, Ordering::AcqRel));
        let first: Vec<_> = first.take_while(|&entry| entry != 0).collect();
        for cell in cells {
            let entry = cell.load(Ordering::Relaxed);
            if entry != 0 && !std::ptr::eq(self.enter(entry, mask), cell) {
                cell.store(0, Ordering::Release);
            }
        }
        for entry in first {
            self.enter(entry, mask);
        }
        mask
    }
}

fn packed(hash: u64, slot: u32) -> u64 {
    u64::from(hash as u32) << 32 | u64::from(slot + 1)
}

fn home(entry: u64) -> u32 {
    (entry >> 32) as u32
}

fn free_cells(len: u32) -> Segment {
    (0..len).map(|_| AtomicU64::new(0)).collect()
}

#[cfg(test)]
mod tests;
