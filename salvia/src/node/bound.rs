//! Which bound query or bound input a node stands for.
//!
//! A [`Kind`] is what all nodes of one query function (or one kind of input) share in one
//! runtime; a [`Bound`] adds the arguments. The key lives here once. Identity is the kind's type
//! and full equality of keys, never a hash.

use std::any::TypeId;
use std::fmt;
use std::future::Future;
use std::hash::{BuildHasher, Hash};
use std::pin::Pin;

use crate::error::Cycle;
use crate::node::cost::Cost;
use crate::node::counts::Counts;
use crate::node::recency::Recency;
use crate::sync::{
    Apart, AtomicBool, Common, KeyHasher, Member, Mutex, OnceLock, Ordering, ThinAny,
};
use crate::value::{Erased, Value};

/// The body of one execution, ready to be polled.
pub type Running = Pin<Box<dyn Future<Output = Value> + Send + 'static>>;

/// Starts a body: key and the frame of the layer above, whose type only that layer knows.
pub(crate) type Start = Box<dyn Fn(&Erased, ThinAny) -> Running + Send + Sync>;

/// Writes the text of a bound query's arguments.
pub(crate) type Describe =
    Box<dyn Fn(&Erased, &mut fmt::Formatter<'_>) -> fmt::Result + Send + Sync>;

/// What the nodes of one query function, or of one host and value type, have in common.
pub(crate) struct Kind {
    /// Tells query functions and instances of generic ones apart.
    pub(crate) id: TypeId,
    /// The name of the function, as short as it stays readable.
    pub(crate) name: String,
    /// The same with the path of its module.
    pub(crate) path: String,
    /// Early cut-off: whether two values are equal. User code.
    pub(crate) same: fn(&Value, &Value) -> bool,
    /// User code where the arguments are `Debug`.
    pub(crate) describe: Describe,
    pub(crate) work: Work,
    pub(crate) options: Options,
    pub(crate) cost: Cost,
    /// Written by every execution, while the rest is read by everybody.
    pub(crate) counts: Apart<Counts>,
    pub(crate) keys: Keys,
    /// With the option `lru`: who has a value, the one that was put in first at the front. Leaf lock.
    pub(crate) kept: Mutex<Recency>,
    pub(crate) local: Local,
}

/// What call paths have to do with the nodes of a kind.
#[derive(Default)]
pub(crate) struct Local {
    /// Of anonymous nodes: the call id in a key.
    pub(crate) id: Option<fn(&Erased) -> &Erased>,
    /// Of inputs: the initial value of a host. User code.
    pub(crate) initial: Option<fn(&Erased) -> Value>,
    /// Whether any of them has, or is, a member of a family. Never taken back.
    pub(crate) is_related: AtomicBool,
}

impl Kind {
    /// Whether its nodes may borrow and lend ends: then nobody is told when they are called and when not.
    pub(crate) fn is_plain(&self) -> bool {
        matches!(self.work, Work::Query(_)) && self.local.id.is_none() && !self.local.is_related()
    }
}

impl Local {
    pub(crate) fn is_related(&self) -> bool {
        self.is_related.load(Ordering::Relaxed)
    }

    pub(crate) fn relate(&self) {
        self.is_related.store(true, Ordering::Relaxed);
    }
}

/// What can be done with a key whose type is not known. All of it is user code.
#[derive(Clone, Copy)]
pub(crate) struct Keys {
    pub(crate) hash: fn(&KeyHasher, TypeId, &Erased) -> u64,
    /// The hash that the key is found by.
    pub(crate) place: fn(&KeyHasher, TypeId, &Erased) -> u64,
    pub(crate) same: fn(&Erased, &Erased) -> bool,
    /// The same key under another generation.
    pub(crate) rebind: fn(&Common<Kind>, u32, &Erased) -> Bound,
}

impl Keys {
    /// The keys of type `K`.
    pub(crate) fn of<K: Clone + Eq + Hash + Send + Sync + 'static>() -> Self {
        Keys {
            hash: |hasher, id, key| hasher.hash_one((id, downcast::<K>(key))),
            place: |hasher, id, key| hasher.hash_one((id, downcast::<K>(key))),
            same: |one, other| downcast::<K>(one) == downcast::<K>(other),
            rebind: |kind, generation, key| {
                Bound::new(kind.clone(), generation, downcast::<K>(key).clone())
            },
        }
    }
}

pub(crate) fn downcast<K: 'static>(key: &Erased) -> &K {
    key.downcast_ref()
        .expect("the keys of one kind are of one type")
}

/// The value of a bound query that is part of a cycle. User code.
pub(crate) type OnCycle = Box<dyn Fn(&Erased, &Cycle) -> Value + Send + Sync>;

/// What the options of a query say.
#[derive(Default)]
pub(crate) struct Options {
    /// Always update in a task.
    pub(crate) spawn: bool,
    /// Finish though nobody waits.
    pub(crate) detached: bool,
    pub(crate) cycle: Option<OnCycle>,
    /// The bytes a value has on the heap. User code.
    pub(crate) size: Option<fn(&Value) -> usize>,
    /// How many values are kept at most; 0 for all.
    pub(crate) lru: usize,
}

/// Where a node's value comes from.
pub(crate) enum Work {
    /// From a body, which is user code.
    Query(Start),
    /// From a commit. With the text of a host, once somebody has come who can tell it. User code.
    Input(OnceLock<Describe>),
    /// There is none: the node is a watch's, which nobody reads.
    Watch,
}

/// One bound query or bound input: a kind with its arguments.
#[derive(Clone)]
pub(crate) struct Bound(Member<Kind>);

impl Bound {
    /// The one of this key, whose type is that of the kind's keys.
    pub(crate) fn new<K: Send + Sync + 'static>(
        kind: Common<Kind>,
        generation: u32,
        key: K,
    ) -> Self {
        Bound(Member::new(kind, generation, key))
    }

    #[inline]
    pub(crate) fn kind(&self) -> &Common<Kind> {
        self.0.common()
    }

    /// How often the slot had been given to another bound query before.
    #[inline]
    pub(crate) fn generation(&self) -> u32 {
        self.0.number()
    }

    pub(crate) fn key(&self) -> &Erased {
        self.0.key()
    }

    /// The key, if it is of this type.
    #[inline]
    pub(crate) fn key_of<K: 'static>(&self) -> Option<&K> {
        self.0.get()
    }

    /// Whether both are the same one, not only equal.
    pub(crate) fn ptr_eq(one: &Self, other: &Self) -> bool {
        Member::ptr_eq(&one.0, &other.0)
    }

    /// Tells it apart from others that there are at the same time.
    pub(crate) fn address(&self) -> usize {
        self.0.address()
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        self.0.heap_bytes()
    }
}

#[cfg(test)]
impl Kind {
    /// One of nodes that have nothing but their keys, which are `()`.
    pub(crate) fn bare(id: TypeId) -> Common<Self> {
        Common::new::<()>(Kind {
            id,
            name: String::new(),
            path: String::new(),
            same: |_, _| false,
            describe: Box::new(|_, _| Ok(())),
            work: Work::Watch,
            options: Options::default(),
            cost: Cost::default(),
            counts: Apart::default(),
            keys: Keys::of::<()>(),
            kept: Mutex::default(),
            local: Local::default(),
        })
    }
}
