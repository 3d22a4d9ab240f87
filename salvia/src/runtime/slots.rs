//! Slots: where nodes live. Append-only pages, so that a slot has one address for ever and
//! reaching it takes no lock.
//!
//! A slot's number is its name in edges and in the table. Numbers that were taken and not used
//! are given out again.

use crate::node::memo::Memo;
use crate::node::state::Node;
use crate::sync::{Arc, AtomicU32, Mutex, OnceLock, Ordering};

const PAGE_BITS: u32 = 7;
const PAGE: u32 = 1 << PAGE_BITS;
/// Directory `d` names `FIRST_DIRECTORY << d` pages.
const FIRST_DIRECTORY_BITS: u32 = 5;
const DIRECTORIES: usize = (32 - PAGE_BITS - FIRST_DIRECTORY_BITS) as usize + 1;

type Page = Box<[OnceLock<Node>]>;
type Directory = Box<[OnceLock<Page>]>;

pub(crate) struct Slots {
    directories: [OnceLock<Directory>; DIRECTORIES],
    next: AtomicU32,
    free: Mutex<Vec<u32>>,
}

impl Slots {
    pub(crate) fn new() -> Self {
        Slots {
            directories: [const { OnceLock::new() }; DIRECTORIES],
            next: AtomicU32::new(0),
            free: Mutex::new(Vec::new()),
        }
    }

    /// A slot nobody uses.
    pub(crate) fn take(&self) -> u32 {
        let free = self.free.lock().pop();
        let slot = free.unwrap_or_else(|| self.next.fetch_add(1, Ordering::Relaxed));
        let (directory, page) = place(slot);
        let pages = self.directories[directory].get_or_init(|| {
            let len = 1 << (FIRST_DIRECTORY_BITS + directory as u32);
            (0..len).map(|_| OnceLock::new()).collect()
        });
        pages[page].get_or_init(|| (0..PAGE).map(|_| OnceLock::new()).collect());
        slot
    }

    /// Puts the first memo of a node into a slot that was taken.
    pub(crate) fn fill(&self, slot: u32, memo: Memo) -> &Node {
        let place = self.slot(slot);
        let mut memo = Some(memo);
        let node = place.get_or_init(|| Node::new(memo.take()));
        if let Some(memo) = memo {
            // The slot was another node's before.
            node.memo.replace(Arc::new(memo));
        }
        node
    }

    /// All nodes there have ever been.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Node> {
        let pages = self.directories.iter().filter_map(OnceLock::get).flatten();
        let slots = pages.filter_map(OnceLock::get).flatten();
        slots.filter_map(OnceLock::get)
    }

    /// Gives back a slot that nobody else has seen.
    pub(crate) fn give_back(&self, slot: u32) {
        self.free.lock().push(slot);
    }

    /// The node in a slot that has been filled.
    #[inline]
    pub(crate) fn node(&self, slot: u32) -> &Node {
        self.slot(slot)
            .get()
            .expect("a slot is filled before its number is given out")
    }

    #[inline]
    fn slot(&self, slot: u32) -> &OnceLock<Node> {
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
        let first: *const OnceLock<Node> = slots.slot(slots.take());
        for _ in 0..10_000 {
            slots.take();
        }
        assert!(std::ptr::eq(first, slots.slot(0)));
    }

    #[test]
    fn a_slot_given_back_is_given_out_again() {
        let slots = Slots::new();
        assert_eq!(slots.take(), 0);
        slots.give_back(0);
        assert_eq!(slots.take(), 0);
        assert_eq!(slots.take(), 1);
    }
}
