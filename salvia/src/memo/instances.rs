//! The caches of one memo in one thread: one for each instance of a generic memo, else one.
//!
//! A macro cannot see whether the function it is put on stands in a generic `impl`, so every memo may have instances, and
//! the type of its body, a closure, tells them apart. Where the types of the arguments are known to be no parameters, the
//! caches have their type; else they are `Erased`.
//!
//! Invariant: no code of users runs while anything is borrowed for writing.

use std::any::{Any, TypeId};
use std::cell::{Cell, RefCell};

use super::slots::{Cache, EntryOf};

/// The caches of a memo. `H` holds one.
pub struct Instances<H> {
    held: RefCell<Vec<(TypeId, H)>>,
    /// Where to look first; `OUTDATED` if everything is to be dropped before anybody looks.
    recent: Cell<usize>,
    /// Whether the thread knows of this.
    is_known: Cell<bool>,
}

const OUTDATED: usize = usize::MAX;

/// What holds a cache.
pub(super) trait Holds<C> {
    /// Holds an empty one.
    fn empty() -> Self;

    /// The cache.
    fn get(&self) -> Option<&C>;

    /// The same, for writing.
    fn get_mut(&mut self) -> Option<&mut C>;
}

impl<C: Cache> Holds<C> for C {
    #[inline]
    fn empty() -> Self {
        C::default()
    }

    #[inline]
    fn get(&self) -> Option<&C> {
        Some(self)
    }

    #[inline]
    fn get_mut(&mut self) -> Option<&mut C> {
        Some(self)
    }
}

/// A cache of a type that cannot be named where it is stored.
pub struct Erased(Box<dyn Any>);

impl<C: Cache + 'static> Holds<C> for Erased {
    fn empty() -> Self {
        Self(Box::new(C::default()))
    }

    #[inline]
    fn get(&self) -> Option<&C> {
        self.0.downcast_ref()
    }

    fn get_mut(&mut self) -> Option<&mut C> {
        self.0.downcast_mut()
    }
}

impl<H> Instances<H> {
    /// None yet.
    pub const fn none() -> Self {
        Self {
            held: RefCell::new(Vec::new()),
            recent: Cell::new(0),
            is_known: Cell::new(false),
        }
    }

    /// Looks into the cache of an instance. Others may look meanwhile, but not write.
    #[inline]
    pub(super) fn look<C, R>(
        &self,
        instance: TypeId,
        look: impl FnOnce(&C) -> Option<R>,
    ) -> Option<R>
    where
        H: Holds<C>,
    {
        let held = self.held.try_borrow().ok()?;
        match held.get(self.recent.get()) {
            Some((id, held)) if *id == instance => look(held.get()?),
            _ => {
                drop(held);
                self.look_further(instance, look)
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn look_further<C, R>(&self, instance: TypeId, look: impl FnOnce(&C) -> Option<R>) -> Option<R>
    where
        H: Holds<C>,
    {
        if self.recent.get() == OUTDATED {
            self.clear();
            return None;
        }
        let held = self.held.try_borrow().ok()?;
        let place = held.iter().position(|(id, _)| *id == instance)?;
        self.recent.set(place);
        look(held[place].1.get()?)
    }

    /// Puts a value into the cache of an instance, unless somebody is looking. What has to go is dropped at the end, when
    /// nothing is borrowed.
    pub(super) fn keep<C: Cache>(&self, instance: TypeId, slots: usize, entry: EntryOf<C>)
    where
        H: Holds<C>,
    {
        if self.recent.get() == OUTDATED {
            self.clear();
        }
        drop(self.place(instance, slots, entry));
    }

    /// Gives back what has no place.
    fn place<C: Cache>(
        &self,
        instance: TypeId,
        slots: usize,
        entry: EntryOf<C>,
    ) -> Option<EntryOf<C>>
    where
        H: Holds<C>,
    {
        let Ok(mut held) = self.held.try_borrow_mut() else {
            return Some(entry);
        };
        let place = held.iter().position(|(id, _)| *id == instance);
        let place = place.unwrap_or_else(|| {
            held.push((instance, H::empty()));
            held.len() - 1
        });
        self.recent.set(place);
        match held[place].1.get_mut() {
            Some(cache) => cache.keep(slots, entry),
            None => Some(entry),
        }
    }

    /// Drops everything, now or, if somebody is looking, before the next look.
    pub(super) fn clear(&self) {
        let Ok(mut held) = self.held.try_borrow_mut() else {
            return self.recent.set(OUTDATED);
        };
        let all = std::mem::take(&mut *held);
        self.recent.set(0);
        drop(held);
        drop(all);
    }

    /// Whether the thread knew of this already; from now on it does.
    #[inline]
    pub(super) fn is_known(&self) -> bool {
        self.is_known.replace(true)
    }
}
