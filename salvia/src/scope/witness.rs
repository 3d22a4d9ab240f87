//! Which call id a value holds, found without knowing its type: every part of a key takes part in its hash, so whoever
//! hashes it comes by the id.

use std::cell::RefCell;
use std::hash::{Hash, Hasher};

use crate::scope::id::CallId;

enum Witness {
    Away,
    Waiting,
    Seen(CallId),
}

thread_local! {
    static WITNESS: RefCell<Witness> = const { RefCell::new(Witness::Away) };
}

/// Takes note of an id that is hashed on this thread.
#[inline]
pub(super) fn hashed(id: &CallId) {
    // At the very end of a thread nobody waits.
    let _ = WITNESS.try_with(|witness| {
        let is_waiting = matches!(*witness.borrow(), Witness::Waiting);
        if is_waiting {
            *witness.borrow_mut() = Witness::Seen(id.clone());
        }
    });
}

/// The first call id in a value, if there is one that its `Hash` takes in. User code.
pub(crate) fn first_id<T: Hash>(value: &T) -> Option<CallId> {
    let watch = Watch::begin();
    value.hash(&mut Nothing);
    watch.end()
}

/// What the thread was waiting for before. A `Hash` may look for an id of its own.
struct Watch(Option<Witness>);

impl Watch {
    fn begin() -> Self {
        Watch(Some(WITNESS.replace(Witness::Waiting)))
    }

    fn end(mut self) -> Option<CallId> {
        match self.restore() {
            Some(Witness::Seen(id)) => Some(id),
            _ => None,
        }
    }

    fn restore(&mut self) -> Option<Witness> {
        self.0.take().map(|before| WITNESS.replace(before))
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.restore();
    }
}

/// A hasher that keeps nothing.
struct Nothing;

impl Hasher for Nothing {
    fn write(&mut self, _: &[u8]) {}

    fn finish(&self) -> u64 {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::call;

    #[test]
    fn the_first_id_of_a_value_is_found() {
        #[derive(Hash)]
        enum Host {
            Plain(&'static str),
            Two(u8, (CallId, CallId)),
        }
        let (first, second) = (call(CallId::current), call(CallId::current));
        let host = Host::Two(1, (first.clone(), second));
        assert_eq!(first_id(&host), Some(first));
        assert_eq!(first_id(&Host::Plain("no id")), None);
    }

    #[test]
    fn a_hash_that_panics_leaves_nobody_waiting() {
        struct Panics;
        impl Hash for Panics {
            fn hash<H: Hasher>(&self, _: &mut H) {
                panic!("no hash");
            }
        }
        assert!(std::panic::catch_unwind(|| first_id(&Panics)).is_err());
        assert!(WITNESS.with_borrow(|witness| matches!(witness, Witness::Away)));
    }
}
