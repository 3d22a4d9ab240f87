//! What generated code asks of the types of a query.
//!
//! The engine's own function asks for the same, but of the tuple of all arguments at once. Asked here first, of one
//! argument at a time, the compiler can say what is missing where the type is written, and says it once: where
//! `argument` fails, the type of its result is unknown, and so is whether `query` would fail as well.

use std::future::Future;
use std::marker::PhantomData;

use crate::macro_support::{self, Equal, Get, Handed, Options, Running, Set, Uncompared, Way};
use crate::runtime::access::Show;
use crate::runtime::arguments::{Own, OwnedArgument};
use crate::runtime::spec::{Describe, Run};
use crate::{Input, InputContext, Query, QueryContext, ReadContext, Shared, Stashable, ToStatic};

/// The parameters of a query.
pub trait Arguments {
    /// `Self`, known to be what the engine needs.
    type Key: OwnedArgument;

    /// Identity.
    fn key(self) -> Self::Key;
}

macro_rules! tuples {
    ($(($($name:ident)*))*) => {$(
        impl<$($name: OwnedArgument),*> Arguments for ($($name,)*) {
            type Key = Self;

            fn key(self) -> Self {
                self
            }
        }
    )*};
}

tuples! {
    () (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) (A B C D E F G) (A B C D E F G H) (A B C D E F G H I)
    (A B C D E F G H I J) (A B C D E F G H I J K) (A B C D E F G H I J K L)
}

/// `Clone + Send + Sync + 'static`: the values of a query that are not compared by `Eq`.
#[diagnostic::on_unimplemented(
    message = "salvia: `{Self}` cannot be kept by the engine",
    note = "a value needs `Clone + Send + Sync + 'static`; derive `Clone`, and own what it holds"
)]
pub trait Cloneable: Clone + Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<V: Clone + Send + Sync + 'static> Cloneable for V {}

/// `Eq + Send + Sync + 'static`: the values of a query with the option `shared`.
#[diagnostic::on_unimplemented(
    message = "salvia: `{Self}` cannot be kept by the engine",
    note = "a shared value needs `Eq + Send + Sync + 'static`; derive `PartialEq` and `Eq`, and own what it holds",
    note = "what has no `Eq`, such as a float, needs the option `no_eq`, or `eq = path`"
)]
pub trait Comparable: Eq + Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<V: Eq + Send + Sync + 'static> Comparable for V {}

/// `Send + Sync + 'static`: the values of a query with the options `shared` and `no_eq` or `eq`.
#[diagnostic::on_unimplemented(
    message = "salvia: `{Self}` cannot be kept by the engine",
    note = "a value needs `Send + Sync + 'static`; own what it holds"
)]
pub trait Storable: Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<V: Send + Sync + 'static> Storable for V {}

/// What generated code has of a call.
type Parts<'cx, A, M> = (&'cx QueryContext, A, M, Run, Describe, Options);

/// Where `A::Key` is not known by another name, which would hide what the trait says of it.
#[inline]
fn keyed<W: Way, M, A>(
    (cx, arguments, marker, run, describe, options): Parts<'_, A, M>,
) -> Query<'_, A::Key, W::Given>
where
    M: Copy + 'static,
    A: Arguments,
{
    macro_support::query::<W, M, Own<A::Key>>(cx, arguments.key(), marker, run, describe, options)
}

/// Makes the future of one call of a query.
#[inline]
pub fn query<'cx, M, A, K, V>(
    cx: &'cx QueryContext,
    arguments: A,
    marker: M,
    run: Run,
    describe: Describe,
    options: Options,
) -> Query<'cx, K, V>
where
    M: Copy + 'static,
    A: Arguments<Key = K>,
    V: Stashable,
{
    keyed::<Equal<V>, M, A>((cx, arguments, marker, run, describe, options))
}

/// The same for a query whose values are not compared by `Eq`.
#[inline]
pub fn query_uncompared<'cx, M, A, K, V>(
    cx: &'cx QueryContext,
    arguments: A,
    marker: M,
    run: Run,
    describe: Describe,
    options: Options,
) -> Query<'cx, K, V>
where
    M: Copy + 'static,
    A: Arguments<Key = K>,
    V: Cloneable,
{
    keyed::<Uncompared<V>, M, A>((cx, arguments, marker, run, describe, options))
}

/// The same for a query that gives handles.
#[inline]
pub fn query_shared<'cx, M, A, K, V>(
    cx: &'cx QueryContext,
    arguments: A,
    marker: M,
    run: Run,
    describe: Describe,
    options: Options,
) -> Query<'cx, K, Shared<V>>
where
    M: Copy + 'static,
    A: Arguments<Key = K>,
    V: Comparable,
{
    keyed::<Handed<Equal<V>>, M, A>((cx, arguments, marker, run, describe, options))
}

/// The same for one that gives handles of values that are not compared by `Eq`.
#[inline]
pub fn query_shared_uncompared<'cx, M, A, K, V>(
    cx: &'cx QueryContext,
    arguments: A,
    marker: M,
    run: Run,
    describe: Describe,
    options: Options,
) -> Query<'cx, K, Shared<V>>
where
    M: Copy + 'static,
    A: Arguments<Key = K>,
    V: Storable,
{
    keyed::<Handed<Uncompared<V>>, M, A>((cx, arguments, marker, run, describe, options))
}

/// Boxes the body of a query.
pub fn running<V: Stashable, F>(body: F) -> Running
where
    F: Future<Output = V> + Send + 'static,
{
    macro_support::running(body)
}

/// The same for a query whose values are not compared by `Eq`.
pub fn running_uncompared<V: Cloneable, F>(body: F) -> Running
where
    F: Future<Output = V> + Send + 'static,
{
    macro_support::running(body)
}

/// The same for a query that gives handles.
pub fn running_shared<V: Comparable, F>(body: F) -> Running
where
    F: Future<Output = V> + Send + 'static,
{
    macro_support::running(body)
}

/// The same for one that gives handles of values that are not compared by `Eq`.
pub fn running_shared_uncompared<V: Storable, F>(body: F) -> Running
where
    F: Future<Output = V> + Send + 'static,
{
    macro_support::running(body)
}

/// The type of a query's last parameter, behind the `&`. Only `QueryContext`, but an alias of it will do.
#[diagnostic::on_unimplemented(
    message = "salvia: the last parameter of a query is `&QueryContext`, not `&{Self}`",
    label = "write `QueryContext`, or add `cx: &QueryContext` after this parameter"
)]
pub trait Context {
    /// The context in the type the user wrote.
    fn written(cx: &QueryContext) -> &Self;

    /// The context in the type of the engine.
    fn plain(&self) -> &QueryContext;
}

impl Context for QueryContext {
    fn written(cx: &QueryContext) -> &Self {
        cx
    }

    fn plain(&self) -> &QueryContext {
        self
    }
}

/// From the type the user wrote to the engine's.
pub fn context<C: Context>(cx: &C) -> &QueryContext {
    cx.plain()
}

/// From the engine's type to the one the user wrote.
pub fn written<C: Context>(cx: &QueryContext) -> &C {
    C::written(cx)
}

/// Gives a type to the first `return` of a body, and is never called.
pub fn never<V>() -> V {
    unreachable!("generated code never calls this")
}

/// Asks for a snapshot.
pub fn snapshot<T: ToStatic + ?Sized>() {}

/// Stands for the host `H` in bounds.
///
/// With the bound `H: Input<V>` the compiler would hold that `H` can be a host at all, and refuse a derive on a type that
/// cannot, before anybody asks for its value.
pub struct Host<H>(PhantomData<H>);

/// `H: Input<V>`, said of `Host<H>`.
pub trait Holds<H, V: Stashable> {
    /// Reads the input.
    fn get<'cx>(host: H, shown: Show<H>, cx: &'cx impl ReadContext) -> Get<'cx, H, V>;

    /// Sets the input.
    fn set(host: H, value: V, shown: Show<H>, cx: &InputContext) -> Set<'_, H, V>;
}

impl<H: Input<V>, V: Stashable> Holds<H, V> for Host<H> {
    fn get<'cx>(host: H, shown: Show<H>, cx: &'cx impl ReadContext) -> Get<'cx, H, V> {
        macro_support::get(host, shown, cx)
    }

    fn set(host: H, value: V, shown: Show<H>, cx: &InputContext) -> Set<'_, H, V> {
        macro_support::set(host, value, shown, cx)
    }
}
