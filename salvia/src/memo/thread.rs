//! Which memos have caches in the current thread, so that they can be emptied.

use std::cell::RefCell;
use std::thread::LocalKey;

use super::instances::Instances;

thread_local! {
    static KNOWN: RefCell<Vec<&'static dyn Empty>> = const { RefCell::new(Vec::new()) };
}

/// What can be emptied.
trait Empty {
    fn empty(&'static self);
}

impl<H> Empty for LocalKey<Instances<H>> {
    fn empty(&'static self) {
        // An error says that the thread is ending, and what it has is dropped anyway.
        let _ = self.try_with(Instances::clear);
    }
}

/// Remembers that a memo has values here. In a thread that is ending there is nothing to be remembered for.
pub(super) fn know<H: 'static>(cache: &'static LocalKey<Instances<H>>) {
    let _ = KNOWN.try_with(|known| known.borrow_mut().push(cache));
}

/// Empties all. What is dropped may call memos, so nothing is borrowed meanwhile.
pub(super) fn clear() {
    let known = KNOWN.try_with(|known| known.borrow().clone());
    for cache in known.unwrap_or_default() {
        cache.empty();
    }
}
