//! Slots: where nodes live. Append-only pages, so that a slot has one address for ever and
//! reaching it takes no lock.
//!
//! A slot's number is its name in edges and in the table. Numbers that were taken and not used
//! are given out again.
//!
//! A thread takes the slots of a page of its own as far as it can, so that what it writes to its
//! nodes does not take the neighbours out of another one's caches.

use crate::bug::planted;
use crate::node::edge::{Edge, LAST_GENERATION};
use crate::node::state::Node;
use crate::sync::{
    Apart, AtomicBool, AtomicU32, MODELLED, Mutex, OnceLock, Ordering, VeiledBox, thread_mark,
};

const PAGE_BITS: u32 = if MODELLED { 2 } else { 6 };
const PAGE: u32 = 1 << PAGE_BITS;
/// Directory `d` names `FIRST_DIRECTORY << d` pages.
const FIRST_DIRECTORY_BITS: u32 = if MODELLED { 1 } else { 5 };
const DIRECTORIES: usize = (32 - PAGE_BITS - FIRST_DIRECTORY_BITS) as usize + 1;
/// So many pages are begun at the same time, at most.
const LANES: usize = if MODELLED { 2 } else { 8 };

type Page = VeiledBox<[Node; PAGE as usize]>;
type Directory = Box<[OnceLock<Page>]>;

/// Which slots had been used at some time.
pub(crate) struct Extent {
    /// None from this one on.
    len: u32,
    /// In each page that was not full, the first that had not.
    open: Vec<u32>,
}

impl Extent {
    pub(crate) fn len(&self) -> u32 {
        self.len
    }

    pub(crate) fn has(&self, slot: u32) -> bool {
        let is_open = |first: &u32| (*first..=*first | (PAGE - 1)).contains(&slot);
        slot < self.len && !self.open.iter().any(is_open)
    }
}

pub(crate) struct Slots {
    directories: [OnceLock<Directory>; DIRECTORIES],
    /// How many pages were begun.
    pages: AtomicU32,
    /// The next slot of the page that a lane is at; the first of any page: it needs another one. Leaf locks.
    lanes: [Apart<Mutex<u32>>; LANES],
    /// With the generation that the next node there is of.
    free: Mutex<Vec<Edge>>,
    /// Whether there is any of them, to pass the lock by.
    has_free: AtomicBool,
}

impl Slots {
    pub(crate) fn new() -> Self {
        Slots {
            directories: [const { OnceLock::new() }; DIRECTORIES],
            pages: AtomicU32::new(0),
            lanes: [const { Apart(Mutex::new(0)) }; LANES],
            free: Mutex::new(Vec::new()),
            has_free: AtomicBool::new(false),
        }
    }

    /// A slot nobody uses, and a generation it never had.
    pub(crate) fn take(&self) -> Edge {
        self.take_free().unwrap_or_else(|| Edge {
            slot: self.take_new(),
            generation: 0,
        })
    }

    fn take_new(&self) -> u32 {
        let lane = match planted("one-lane") {
            false => (u64::from(thread_mark()) * LANES as u64) >> 32,
            true => 0,
        };
        let mut next = self.lanes[lane as usize].lock();
        if next.is_multiple_of(PAGE) {
            *next = self.begin_page();
        }
        let slot = *next;
        *next = slot.wrapping_add(1);
        slot
    }

    /// Its first slot.
    fn begin_page(&self) -> u32 {
        let first = self.pages.fetch_add(1, Ordering::Relaxed) << PAGE_BITS;
        let (directory, page) = place(first);
        let pages = self.directories[directory].get_or_init(|| {
            let len = 1 << (FIRST_DIRECTORY_BITS + directory as u32);
            (0..len).map(|_| OnceLock::new()).collect()
        });
        pages[page].get_or_init(|| VeiledBox::new(std::array::from_fn(|_| Node::vacant())));
        first
    }

    fn take_free(&self) -> Option<Edge> {
        if !self.has_free.load(Ordering::Relaxed) {
            return None;
        }
        let mut free = self.free.lock();
        let edge = free.pop();
        self.has_free.store(!free.is_empty(), Ordering::Relaxed);
        edge
    }

    /// All nodes there is room for by now.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Node> {
        let pages = self.directories.iter().filter_map(OnceLock::get).flatten();
        pages.filter_map(OnceLock::get).flat_map(|page| &**page)
    }

    /// The same with their numbers.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (u32, &Node)> {
        self.directories.iter().enumerate().flat_map(|(d, pages)| {
            let pages = pages.get().into_iter().flatten().enumerate();
            pages.flat_map(move |(p, page)| {
                let first = (((1_u64 << FIRST_DIRECTORY_BITS) << d) + p as u64
                    - (1 << FIRST_DIRECTORY_BITS))
                    << PAGE_BITS;
                let nodes = page.get().into_iter().flat_map(|page| &**page).enumerate();
                nodes.map(move |(n, node)| (first as u32 + n as u32, node))
            })
        })
    }

    /// Gives back a slot that is empty.
    pub(crate) fn give_back(&self, edge: Edge) {
        let next = Edge {
            generation: edge.generation + u32::from(!planted("generation-kept")),
            ..edge
        };
        // A slot that has had all generations is never used again.
        if next.generation < LAST_GENERATION {
            let mut free = self.free.lock();
            free.push(next);
            self.has_free.store(true, Ordering::Relaxed);
        }
    }

    /// No slot that was ever used has this number or a higher one.
    pub(crate) fn len(&self) -> u32 {
        self.pages.load(Ordering::Relaxed) << PAGE_BITS
    }

    /// All slots that have been used so far.
    pub(crate) fn extent(&self) -> Extent {
        // First: what is begun meanwhile does not belong to it.
        let len = self.len();
        let lanes = self.lanes.iter().map(|next| *next.lock());
        let open = lanes.filter(|next| !next.is_multiple_of(PAGE)).collect();
        Extent { len, open }
    }

    /// The node in a slot that may be about to be taken.
    pub(crate) fn get(&self, slot: u32) -> Option<&Node> {
        let (directory, page) = place(slot);
        let page = self.directories[directory].get()?[page].get()?;
        Some(&page[(slot % PAGE) as usize])
    }

    /// The node in a slot that has been taken.
    #[inline]
    pub(crate) fn node(&self, slot: u32) -> &Node {
        let (directory, page) = place(slot);
        let page = self.directories[directory]
            .get()
            .and_then(|pages| pages[page].get());
        &page.expect("a slot's page is there before its number is given out")
            [(slot % PAGE) as usize]
    }
}

/// The directory of a slot's page, and the page's place in it.
#[inline]
fn place(slot: u32) -> (usize, usize) {
    let number = (slot >> PAGE_BITS) + (1 << FIRST_DIRECTORY_BITS);
    let bits = number.ilog2();
    (
        (bits - FIRST_DIRECTORY_BITS) as usize,
        (number - (1 << bits)) as usize,
    )
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn pages_follow_each_other_through_the_directories() {
        assert_eq!(place(0), (0, 0));
        assert_eq!(place(PAGE * 31), (0, 31));
        assert_eq!(place(PAGE * 32), (1, 0));
        assert_eq!(place(PAGE * 96), (2, 0));
        assert!(place(u32::MAX).0 < DIRECTORIES);
    }

    #[test]
    fn a_slot_has_one_address_for_ever() {
        let slots = Slots::new();
        let first: *const Node = slots.node(slots.take().slot);
        for _ in 0..10_000 {
            slots.take();
        }
        assert!(std::ptr::eq(first, slots.node(0)));
    }

    #[test]
    fn a_walk_comes_by_every_slot_in_order() {
        let slots = Slots::new();
        for _ in 0..20_000 {
            slots.take();
        }
        let walked: Vec<_> = slots.entries().take(20_000).collect();
        assert!(walked.iter().enumerate().all(|(place, (slot, node))| {
            place as u32 == *slot && std::ptr::eq(*node, slots.node(*slot))
        }));
    }

    #[test]
    fn an_extent_is_of_its_time() {
        let slots = Slots::new();
        for _ in 0..3 {
            let known: Vec<u32> = (0..PAGE - 1).map(|_| slots.take().slot).collect();
            let extent = slots.extent();
            let later = [(); 3].map(|()| slots.take().slot);
            assert!(known.iter().all(|&slot| extent.has(slot)));
            assert!(!later.iter().any(|&slot| extent.has(slot)));
        }
    }

    #[test]
    fn threads_take_slots_of_pages_of_their_own() {
        let slots = Slots::new();
        // All at the same time: the memory of one that has ended may be the next one's.
        let there = AtomicU32::new(0);
        let take = || {
            let taken = (0..2 * PAGE).map(|_| slots.take().slot).collect();
            there.fetch_add(1, Ordering::Relaxed);
            while there.load(Ordering::Relaxed) < 8 {
                thread::yield_now();
            }
            taken
        };
        let mut taken: Vec<u32> = thread::scope(|scope| {
            let threads = [(); 8].map(|()| scope.spawn(|| -> Vec<u32> { take() }));
            let taken = threads.map(|thread| thread.join().expect("it does not panic"));
            taken.concat()
        });
        taken.sort_unstable();
        taken.dedup();
        assert_eq!(taken.len(), 16 * PAGE as usize, "none is given out twice");
        let pages = slots.len() / PAGE;
        assert!((16..16 + LANES as u32).contains(&pages), "{pages} pages");
        let used = slots.lanes.iter().filter(|next| *next.lock() > 0);
        assert!(used.count() > 1, "some of eight threads are in other lanes");
    }

    #[test]
    fn an_extent_is_of_all_lanes() {
        let slots = Slots::new();
        let take = || -> Vec<u32> { (0..PAGE / 2).map(|_| slots.take().slot).collect() };
        let in_threads = || {
            thread::scope(|scope| {
                let threads = [(); 8].map(|()| scope.spawn(take));
                threads
                    .map(|thread| thread.join().expect("it does not panic"))
                    .concat()
            })
        };
        let known = in_threads();
        let extent = slots.extent();
        let later = in_threads();
        assert!(known.iter().all(|&slot| extent.has(slot)));
        assert!(!later.iter().any(|&slot| extent.has(slot)));
    }

    #[test]
    fn a_slot_given_back_is_given_out_again() {
        let slots = Slots::new();
        let first = slots.take();
        slots.give_back(first);
        let again = slots.take();
        assert_eq!((again.slot, again.generation), (first.slot, 1));
        assert_eq!(slots.take().slot, first.slot + 1);
    }
}
