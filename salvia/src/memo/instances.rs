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
use crate::param::ToStatic;

/// The caches of a memo. `H` holds one.
pub struct Instances<H> {
    held: RefCell<Vec<(TypeId, H)>>,
    /// The instance at the first place; `NOBODY` if there is none, or if everything is to be dropped before the next look.
    front: Cell<TypeId>,
    is_outdated: Cell<bool>,
    /// Whether the thread knows of this.
    is_known: Cell<bool>,
}

const NOBODY: TypeId = TypeId::of::<Nobody>();

enum Nobody {}

/// What holds a cache.
pub(super) trait Holds<C> {
    fn new(cache: C) -> Self;

    fn get(&self) -> Option<&C>;

    fn get_mut(&mut self) -> Option<&mut C>;
}

impl<C: Cache> Holds<C> for C {
    fn new(cache: C) -> Self {
        cache
    }

    #[inline]
    fn get(&self) -> Option<&C> {
        Some(self)
    }

    fn get_mut(&mut self) -> Option<&mut C> {
        Some(self)
    }
}

/// A cache of a type that cannot be named where it is stored.
pub struct Erased(Box<dyn Any>);

impl<C: Cache + 'static> Holds<C> for Erased {
    fn new(cache: C) -> Self {
        Self(Box::new(cache))
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
            front: Cell::new(NOBODY),
            is_outdated: Cell::new(false),
            is_known: Cell::new(false),
        }
    }

    /// Looks into the cache of an instance if it is the one at the first place, which it is when it was called last.
    /// Others may look meanwhile, but not write.
    #[inline]
    pub(super) fn look_in_front<C: Cache, A>(
        &self,
        instance: TypeId,
        arguments: &A,
    ) -> Option<C::Value>
    where
        H: Holds<C>,
        A: ToStatic<Static = C::Key>,
    {
        if self.front.get() != instance {
            return None;
        }
        let held = self.held.try_borrow().ok()?;
        held.first()?.1.get()?.look(arguments)
    }

    /// Looks into the cache of an instance that is not at the first place, and puts it there.
    pub(super) fn look_further<C: Cache, A>(
        &self,
        instance: TypeId,
        arguments: &A,
    ) -> Option<C::Value>
    where
        H: Holds<C>,
        A: ToStatic<Static = C::Key>,
    {
        self.empty_if_outdated();
        if self.front.get() == instance || self.is_outdated.get() {
            return None;
        }
        let place = self.bring_to_front(instance)?;
        let held = self.held.try_borrow().ok()?;
        held.get(place)?.1.get()?.look(arguments)
    }

    /// The place of an instance: the first, unless somebody is looking.
    fn bring_to_front(&self, instance: TypeId) -> Option<usize> {
        let held = self.held.try_borrow().ok()?;
        let place = held.iter().position(|(id, _)| *id == instance)?;
        drop(held);
        let Ok(mut held) = self.held.try_borrow_mut() else {
            return Some(place);
        };
        held.swap(0, place);
        self.front.set(instance);
        Some(0)
    }

    /// Puts a value into the cache of an instance, unless somebody is looking. What has to go is dropped at the end, when
    /// nothing is borrowed.
    pub(super) fn keep<C: Cache>(&self, instance: TypeId, slots: usize, entry: EntryOf<C>)
    where
        H: Holds<C>,
    {
        self.empty_if_outdated();
        let place = self.bring_to_front(instance);
        drop(self.place(instance, place, slots, entry));
    }

    /// Gives back what has no place.
    fn place<C: Cache>(
        &self,
        instance: TypeId,
        place: Option<usize>,
        slots: usize,
        entry: EntryOf<C>,
    ) -> Option<EntryOf<C>>
    where
        H: Holds<C>,
    {
        let Ok(mut held) = self.held.try_borrow_mut() else {
            return Some(entry);
        };
        if let Some(place) = place {
            return match held.get_mut(place)?.1.get_mut() {
                Some(cache) => cache.keep(slots, entry),
                None => Some(entry),
            };
        }
        held.push((instance, H::new(C::with(entry))));
        let last = held.len() - 1;
        held.swap(0, last);
        self.front.set(instance);
        None
    }

    /// Drops everything, now or, if somebody is looking, before the next look.
    pub(super) fn clear(&self) {
        self.front.set(NOBODY);
        let Ok(mut held) = self.held.try_borrow_mut() else {
            return self.is_outdated.set(true);
        };
        let all = std::mem::take(&mut *held);
        self.is_outdated.set(false);
        drop(held);
        drop(all);
    }

    fn empty_if_outdated(&self) {
        if self.is_outdated.get() {
            self.clear();
        }
    }

    /// Whether the thread knew of this already; from now on it does.
    pub(super) fn is_known(&self) -> bool {
        self.is_known.replace(true)
    }
}
