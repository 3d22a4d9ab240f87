//! What generated code asks of the types of a query.
//!
//! The engine's own function asks for the same, but of the tuple of all arguments at once. Asked here first, of one
//! argument at a time, the compiler can say what is missing where the type is written, and says it once: where
//! `argument` fails, the type of its result is unknown, and so is whether `query` would fail as well.

use std::fmt::{self, Formatter};
use std::hash::Hash;
use std::marker::PhantomData;

use crate::macro_support::{self, Get, Options, Running, Set};
use crate::{Input, InputContext, Query, QueryContext, ReadContext, Stashable, ToStatic};

/// One parameter of a query, or the tuple that holds those for which the longest tuple is too short.
pub trait Argument: Stashable + Hash {}

impl<A: Stashable + Hash> Argument for A {}

/// The parameters of a query.
pub trait Arguments {
    /// `Self`, known to be what the engine needs.
    type Key: Stashable + Hash;

    /// Identity.
    fn key(self) -> Self::Key;
}

macro_rules! tuples {
    ($(($($name:ident)*))*) => {$(
        impl<$($name: Argument),*> Arguments for ($($name,)*) {
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

/// Makes the future of one call of a query.
pub fn query<'cx, M, A, K, V>(
    cx: &'cx QueryContext,
    arguments: A,
    marker: M,
    run: fn(K, QueryContext) -> Running,
    describe: fn(&K, &mut Formatter<'_>) -> fmt::Result,
) -> Query<'cx, K, V>
where
    M: Copy + 'static,
    A: Arguments<Key = K>,
    V: Stashable,
{
    keyed(cx, arguments, marker, run, describe, Options::new())
}

/// The same with options.
pub fn query_with<'cx, M, A, K, V>(
    cx: &'cx QueryContext,
    arguments: A,
    marker: M,
    run: fn(K, QueryContext) -> Running,
    describe: fn(&K, &mut Formatter<'_>) -> fmt::Result,
    options: Options<K, V>,
) -> Query<'cx, K, V>
where
    M: Copy + 'static,
    A: Arguments<Key = K>,
    V: Stashable,
{
    keyed(cx, arguments, marker, run, describe, options)
}

/// The same where `A::Key` is not known by another name, which would hide what the trait says of it.
fn keyed<'cx, M, A, V>(
    cx: &'cx QueryContext,
    arguments: A,
    marker: M,
    run: fn(A::Key, QueryContext) -> Running,
    describe: fn(&A::Key, &mut Formatter<'_>) -> fmt::Result,
    options: Options<A::Key, V>,
) -> Query<'cx, A::Key, V>
where
    M: Copy + 'static,
    A: Arguments,
    V: Stashable,
{
    macro_support::query_with(cx, arguments.key(), marker, run, describe, options)
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
    fn get<'cx>(host: H, cx: &'cx impl ReadContext) -> Get<'cx, H, V>;

    /// Sets the input.
    fn set(host: H, value: V, cx: &InputContext) -> Set<'_, H, V>;
}

impl<H: Input<V>, V: Stashable> Holds<H, V> for Host<H> {
    fn get<'cx>(host: H, cx: &'cx impl ReadContext) -> Get<'cx, H, V> {
        macro_support::get(host, cx)
    }

    fn set(host: H, value: V, cx: &InputContext) -> Set<'_, H, V> {
        macro_support::set(host, value, cx)
    }
}
