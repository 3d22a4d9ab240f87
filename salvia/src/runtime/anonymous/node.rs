//! The key, the kind and the body of an anonymous node.

use std::any::TypeId;
use std::future::Future;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use crate::node::bound::{self, Bound, Keys, Kind, Local, Options, Running, Work};
use crate::node::cost::Cost;
use crate::node::edge::Edge;
use crate::param::Param;
use crate::runtime::QueryContext;
use crate::runtime::engine::Engine;
use crate::runtime::name::{long, short};
use crate::scope::{CallId, Paused, hash_of};
use crate::sync::{Common, Mutex};
use crate::value::{Erased, Value};

/// Tells the nodes of one function, input and value apart from all others.
struct Slot<K, V, F>(PhantomData<(K, V, F)>);

/// Which kind of node a call makes.
pub(crate) fn kind_of<K: 'static, V: 'static, F: 'static>() -> TypeId {
    TypeId::of::<Slot<K, V, F>>()
}

/// What finds a node: the path to it, and the hash of the view of its input. A view need not hash as its key does, so the
/// key keeps the hash.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(crate) id: &'a CallId,
    pub(crate) input: u64,
}

impl<'a> Wanted<'a> {
    /// Hashes the input, which is user code.
    pub(crate) fn new<I: Param>(id: &'a CallId, input: &I) -> Self {
        struct Viewed<'i, I>(&'i I);
        impl<I: Param> Hash for Viewed<'_, I> {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.0.hash_view(state);
            }
        }
        Wanted {
            id,
            input: hash_of(&Viewed(input)),
        }
    }

    /// Whether this is the node. User code.
    pub(crate) fn is<I: Param>(self, input: &I, bound: &Bound, kind: TypeId) -> bool {
        let key = bound.key_of::<Key<I::Key>>();
        bound.kind().id == kind
            && key.is_some_and(|key| {
                key.hash == self.input && key.id == *self.id && input.matches(&key.input)
            })
    }
}

impl Hash for Wanted<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.id.path_hash());
        state.write_u64(self.input);
    }
}

/// The key of an anonymous node.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Key<K> {
    /// Of the view of the input.
    hash: u64,
    id: CallId,
    input: K,
}

impl<K> Key<K> {
    pub(crate) fn new(wanted: Wanted<'_>, id: CallId, input: K) -> Self {
        Key {
            hash: wanted.input,
            id,
            input,
        }
    }
}

impl<K> Hash for Key<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let wanted = Wanted {
            id: &self.id,
            input: self.hash,
        };
        wanted.hash(state);
    }
}

/// A function that can be the body of an anonymous node: `async fn(input, &QueryContext) -> V`, whose future is `Send`.
///
/// Implemented for every such function and non-capturing async closure; what else captures is found by its size:
///
/// ```compile_fail,E0080
/// # use salvia::{QueryContext, Runtime, query};
/// #[query]
/// async fn above(limit: u32, cx: &QueryContext) -> u32 {
///     let above = move |(), _: &QueryContext| async move { limit + 1 };
///     cx.memo((), above).await
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// # let rt = Runtime::new().await;
/// # assert_eq!(rt.query(async |cx| above(1, &cx).await).await, 2);
/// # }
/// ```
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "salvia: this cannot be the body of an anonymous node",
    label = "not an async function of the input and `&QueryContext` whose future is `Send`",
    note = "it takes the input as it is rebuilt from its key, and what it holds across an await is `Send`"
)]
pub trait Body<'v, A>: Fn(A, &'v QueryContext) -> Self::Run {
    /// Its future.
    type Run: Future<Output = Self::Value> + Send;
    /// Its value.
    type Value;
}

impl<'v, A, F, Run> Body<'v, A> for F
where
    F: Fn(A, &'v QueryContext) -> Run,
    Run: Future + Send,
{
    type Run = Run;
    type Value = Run::Output;
}

/// `Copy + Send + Sync + 'static`, as every function is that captures nothing.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "salvia: the body of an anonymous node may not capture anything",
    label = "this captures what is around it",
    note = "pass what it needs in the input, which is compared: `cx.memo((&a, b), async |(a, b), cx| ..)`"
)]
pub trait Plain: Copy + Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<F: Copy + Send + Sync + 'static> Plain for F {}

/// The kind of the nodes that `body` makes.
pub(crate) fn kind<I, V, F>(body: F) -> Common<Kind>
where
    I: Param,
    V: Eq + Send + Sync + 'static,
    F: for<'v> Body<'v, I::View<'v>, Value = V> + Plain,
{
    let named = |name: String| match std::any::type_name::<F>().ends_with("{{closure}}") {
        true => name + "::{closure}",
        false => name,
    };
    Common::new::<Key<I::Key>>(Kind {
        id: kind_of::<I::Key, V, F>(),
        name: named(short(std::any::type_name::<F>())),
        path: named(long(std::any::type_name::<F>())),
        same: |old, new| old.get::<V>() == new.get::<V>(),
        describe: Box::new(|_, f| f.write_str("..")),
        work: Work::Query(Box::new(move |key, frame| {
            let input = bound::downcast::<Key<I::Key>>(key).input.clone();
            running::<I, V, F>(input, QueryContext::of(frame), body)
        })),
        options: Options::default(),
        cost: Cost::default(),
        keys: Keys::of::<Key<I::Key>>(),
        kept: Mutex::default(),
        counts: Default::default(),
        local: Local {
            id: Some(|key| &bound::downcast::<Key<I::Key>>(key).id),
            ..Local::default()
        },
    })
}

fn running<I, V, F>(input: I::Key, cx: QueryContext, body: F) -> Running
where
    I: Param,
    V: Send + Sync + 'static,
    F: for<'v> Body<'v, I::View<'v>, Value = V> + Send + Sync + 'static,
{
    Box::pin(async move { Value::new(body(I::view(&input), &cx).await) })
}

/// The call id of an anonymous node.
pub(crate) fn id_of(bound: &Bound) -> Option<&CallId> {
    let id: &Erased = (bound.kind().local.id?)(bound.key());
    id.downcast_ref()
}

/// Whether a node was called in the body of another.
pub(crate) fn is_member(bound: &Bound) -> bool {
    id_of(bound).is_some_and(|id| id.parent().is_some())
}

/// The call path in the body of a node.
pub(crate) fn path_in(bound: &Bound) -> Paused {
    match id_of(bound) {
        Some(id) => Paused::call(id.clone()),
        None => Paused::query(bound.clone()),
    }
}

impl Engine {
    /// The node of a bound query that was given up, made anew if need be. Calls the key's `Hash`, `Eq` and `Clone`.
    pub(crate) fn readmit(&self, bound: &Bound) -> (Edge, Bound) {
        let id = id_of(bound);
        let coming = id.and_then(|id| self.families.announce(id));
        let again = self.store.readmit(bound);
        if let Some(coming) = coming {
            coming.come(again.0);
        }
        again
    }
}
