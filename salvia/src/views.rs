//! What generated code calls for a query with borrowed arguments.
//!
//! As in `assert`, but each argument says what it is asked for by the type around it.

use crate::assert::{Cloneable, Comparable, Storable};
use crate::macro_support::{self, Equal, Handed, Options, Uncompared};
use crate::runtime::arguments::{Argument, Views};
use crate::runtime::spec::{Describe, Run};
use crate::{Query, QueryContext, Shared, Stashable};

macro_rules! calls {
    ($($(#[$text:meta])* $name:ident: $bound:ident, $way:ty => $given:ty;)*) => {$(
        $(#[$text])*
        pub fn $name<M, A, G, V>(
            cx: &QueryContext,
            arguments: A,
            marker: M,
            run: Run,
            describe: Describe,
            options: Options,
        ) -> Query<'_, G, $given>
        where
            M: Copy + 'static,
            A: Argument<G>,
            V: $bound,
        {
            let arguments = arguments.given();
            macro_support::query::<$way, M, Views<A, G>>(cx, arguments, marker, run, describe, options)
        }
    )*};
}

calls! {
    /// Makes the future of one call of a query.
    query: Stashable, Equal<V> => V;
    /// The same for a query whose values are not compared by `Eq`.
    query_uncompared: Cloneable, Uncompared<V> => V;
    /// The same for a query that gives handles.
    query_shared: Comparable, Handed<Equal<V>> => Shared<V>;
    /// The same for one that gives handles of values that are not compared by `Eq`.
    query_shared_uncompared: Storable, Handed<Uncompared<V>> => Shared<V>;
}
