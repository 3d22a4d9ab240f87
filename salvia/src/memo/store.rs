//! Caches that all threads share.
//!
//! A look loads the present slots and compares without a lock. A change takes its turn, and replaces the slots by a copy
//! in which one is another, so nobody who looks is disturbed. Two threads that miss at the same time both compute.
//!
//! Invariant: no code of users runs in a turn.

use std::any::{Any, TypeId};

use super::slots::Entry;
use crate::param::ToStatic;
use crate::scope::root;
use crate::sync::{Arc, AtomicU64, Mutex, Ordering, Swap};

/// The slots of each instance, by its type.
type Instances = Vec<(TypeId, Arc<dyn Any + Send + Sync>)>;

/// The caches of one memo: one for each instance of a generic memo, else one.
pub struct Store {
    /// Replaced as a whole, so that nobody waits to look.
    instances: Swap<Arc<Instances>>,
    /// The turn to replace it.
    turn: Mutex<()>,
}

impl Store {
    /// None yet.
    pub const fn none() -> Self {
        Self {
            instances: Swap::vacant(),
            turn: Mutex::new(()),
        }
    }

    /// The slots of an instance.
    fn slots<K, V>(&self, instance: TypeId) -> Arc<Slots<K, V>>
    where
        K: Send + Sync + 'static,
        V: Send + Sync + 'static,
    {
        match self.known(instance) {
            Some(slots) => slots,
            None => self.add(instance),
        }
    }

    fn known<K, V>(&self, instance: TypeId) -> Option<Arc<Slots<K, V>>>
    where
        K: Send + Sync + 'static,
        V: Send + Sync + 'static,
    {
        let instances = self.instances.load();
        let (_, slots) = instances.as_ref()?.iter().find(|(id, _)| *id == instance)?;
        Arc::clone(slots).downcast().ok()
    }

    #[cold]
    fn add<K, V>(&self, instance: TypeId) -> Arc<Slots<K, V>>
    where
        K: Send + Sync + 'static,
        V: Send + Sync + 'static,
    {
        let _turn = self.turn.lock();
        if let Some(slots) = self.known(instance) {
            return slots;
        }
        let slots = Arc::new(Slots::new());
        let mut all = self
            .instances
            .get()
            .map_or_else(Vec::new, |all| Vec::clone(&all));
        all.push((instance, Arc::clone(&slots) as _));
        self.instances.replace(Arc::new(all));
        slots
    }
}

type Present<K, V> = Vec<Arc<Slot<K, V>>>;

/// The slots of one instance.
struct Slots<K, V> {
    present: Swap<Arc<Present<K, V>>>,
    turn: Mutex<()>,
    /// The number of uses so far. It counts to the end of time.
    uses: AtomicU64,
}

struct Slot<K, V> {
    entry: Entry<K, V>,
    /// The use it was last in.
    used: AtomicU64,
}

impl<K, V> Slots<K, V> {
    fn new() -> Self {
        Self {
            present: Swap::vacant(),
            turn: Mutex::new(()),
            uses: AtomicU64::new(0),
        }
    }

    /// The order of uses need not be exact: it decides who makes way.
    fn next_use(&self) -> u64 {
        self.uses.fetch_add(1, Ordering::Relaxed) + 1
    }

    fn look<A: ToStatic<Static = K>>(&self, arguments: &A) -> Option<V>
    where
        V: Clone,
    {
        let present = self.present.load();
        let mut slots = present.as_ref()?.iter();
        let (slot, value) = slots.find_map(|slot| Some((slot, slot.entry.answer(arguments)?)))?;
        slot.used.store(self.next_use(), Ordering::Relaxed);
        Some(value)
    }

    fn keep(&self, slots: usize, entry: Entry<K, V>) {
        let slot = Arc::new(Slot {
            entry,
            used: AtomicU64::new(self.next_use()),
        });
        let turn = self.turn.lock();
        let present = self.present.get();
        let mut next = present.map_or_else(Vec::new, |present| Vec::clone(&present));
        match next.len() < slots {
            true => next.push(slot),
            false => {
                let oldest = next
                    .iter_mut()
                    .min_by_key(|slot| slot.used.load(Ordering::Relaxed));
                if let Some(oldest) = oldest {
                    *oldest = slot;
                }
            }
        }
        let replaced = self.present.replace(Arc::new(next));
        drop(turn);
        // What makes way goes with the last who looks at it, after the turn.
        drop(replaced);
    }
}

/// What may be in a cache of all threads.
#[diagnostic::on_unimplemented(
    message = "salvia: `{Self}` cannot be in the cache of a memo that is `shared`, because it is not `Send + Sync`",
    note = "without `shared` each thread has a cache of its own, which asks for neither; an `Rc` can be an `Arc`"
)]
pub trait Common: Send + Sync + 'static {}

// The error names `Common`, once, instead of each trait that is missing.
#[diagnostic::do_not_recommend]
impl<T: Send + Sync + 'static> Common for T {}

/// A call of a memo that is shared.
pub fn shared<A, V, F>(store: &'static Store, slots: usize, arguments: A, body: F) -> V
where
    A: ToStatic<Static: Common>,
    V: Clone + Common,
    F: FnOnce(A) -> V,
{
    let cache = store.slots::<A::Static, V>(typeid::of::<F>());
    if let Some(value) = cache.look(&arguments) {
        return value;
    }
    // The body takes the arguments.
    let key = arguments.to_static();
    let value = root(|| body(arguments));
    cache.keep(slots, Entry::new(key, value.clone()));
    value
}
