//! What a query function is, apart from the types of its arguments and its value.
//!
//! A call carries this in a form without types, so that its own type says what the user wrote and nothing of what is kept.
//! The types are put back by functions that are made where all of them are known.

use std::any::{Any, TypeId};
use std::fmt;

use crate::error::Cycle;
use crate::node::bound::{self, Keys, Kind, Local, OnCycle, Running, Work};
use crate::node::cost::Cost;
use crate::node::memo::Memo;
use crate::runtime::QueryContext;
use crate::runtime::arguments::{Arguments, Asked, Placed};
use crate::runtime::name::{called, long, short};
use crate::runtime::options::Options;
use crate::runtime::store::{Found, Store};
use crate::sync::{Common, Mutex};
use crate::value::{Erased, Value};

pub(crate) struct Spec {
    pub(crate) id: TypeId,
    pub(crate) path: fn() -> &'static str,
    pub(crate) run: Run,
    pub(crate) describe: Describe,
    /// With early cut-off, whoever said how. It is not kept twice: each word is written with each call.
    pub(crate) options: Options,
}

/// Starts a body. It takes owned arguments from the slot, which are its own; views it makes of the key, which its context
/// leads to.
pub(crate) type Run = fn(&mut dyn Any, QueryContext) -> Running;

/// Writes the arguments, given the tuple of what is kept of them.
pub(crate) type Describe = fn(&Erased, &mut fmt::Formatter<'_>) -> fmt::Result;

impl Spec {
    /// The hash of a call. Calls the arguments' `Hash`.
    #[inline]
    pub(crate) fn hash<A: Arguments>(&self, store: &Store, args: &A::Given) -> u64 {
        store.hash(self.id, &Asked::<A>(args))
    }

    /// The node of a call, if it has one. Calls the arguments' `Eq`.
    #[inline]
    pub(crate) fn find<A: Arguments>(
        &self,
        store: &Store,
        args: &A::Given,
        hash: u64,
    ) -> Option<Found> {
        store.find(self.id, hash, |key| A::matches(args, key))
    }

    /// The node of a call that had none a moment ago, made if it still has none.
    pub(crate) fn find_or_make<A: Arguments>(
        &self,
        store: &Store,
        args: A::Given,
        hash: u64,
    ) -> Found {
        let kind = || store.kind(self.id, || self.kind::<A>());
        store.find_or_make((self.id, hash), kind, A::keep(args, hash), Memo::vacant)
    }

    /// The text of a call.
    pub(crate) fn text<A: Arguments>(&self, key: &A::Key) -> String {
        called(&short((self.path)()), |f| (self.describe)(A::tuple(key), f))
    }

    fn kind<A: Arguments>(&self) -> Common<Kind> {
        let (run, describe, options) = (self.run, self.describe, self.options);
        Common::new::<A::Key>(Kind {
            id: self.id,
            name: short((self.path)()),
            path: long((self.path)()),
            same: options.same.expect("a call says how values are compared"),
            describe: Box::new(move |key, f| describe(A::tuple(kept::<A>(key)), f)),
            work: Work::Query(Box::new(move |key, frame| {
                let mut own = (!A::IS_VIEW).then(|| kept::<A>(key).clone());
                run(&mut own, QueryContext::of(frame))
            })),
            options: bound::Options {
                spawn: options.spawn,
                detached: options.detached,
                cycle: options.cycle.map(on_cycle::<A>),
                size: options.size,
                lru: options.lru,
            },
            cost: Cost::default(),
            keys: keys::<A>(),
            kept: Mutex::default(),
            counts: Default::default(),
            local: Local::default(),
        })
    }
}

fn keys<A: Arguments>() -> Keys {
    let keys = Keys::of::<A::Key>();
    if !A::IS_VIEW {
        return keys;
    }
    Keys {
        place: |_, _, key| {
            A::place(kept::<A>(key)).expect("views leave the hash they are found by")
        },
        ..keys
    }
}

fn on_cycle<A: Arguments>(value: fn(&Cycle, &mut dyn Any) -> Value) -> OnCycle {
    Box::new(move |key, cycle| value(cycle, &mut Some(kept::<A>(key).clone())))
}

fn kept<A: Arguments>(key: &Erased) -> &A::Key {
    tuple(key)
}

/// What is kept of the arguments.
pub fn tuple<K: 'static>(key: &Erased) -> &K {
    key.downcast_ref()
        .expect("a node's key has the type of its query's arguments")
}

/// Takes the arguments out of the slot.
pub fn taken<K: 'static>(slot: &mut dyn Any) -> K {
    slot.downcast_mut()
        .and_then(Option::take)
        .expect("arguments are put in, and taken out once")
}

/// What is kept of the arguments of the body that runs with this context.
pub fn viewed<K: 'static>(cx: &QueryContext) -> &K {
    let claim = cx.frame().asker.claim.as_ref();
    let claim = claim.expect("the body of a query runs under a claim");
    &tuple::<Placed<K>>(claim.bound.key()).key
}

/// The type of the marker of a query: which function, and which instance of a generic one.
#[inline]
pub(crate) fn identify<M: 'static>(_: &M) -> (TypeId, fn() -> &'static str) {
    (TypeId::of::<M>(), std::any::type_name::<M>)
}
