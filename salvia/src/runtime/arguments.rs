//! The arguments of a call: how a node is found by them, and what of them is kept.
//!
//! Owned arguments are their own key, all of them together ([`Own`]). A view is looked up as it is and leaves its owned key
//! with the node, made when there is no node yet. Where there is a view, or an argument that may share what it holds with
//! its key, each one is taken by itself ([`Views`]); generated code says what it is by a type around it: [`Own`],
//! [`Sharing`] or [`View`].
//!
//! Nothing has to hold between the hash of a view and that of its key. So a key of views stands with the hash it was
//! found by; its own tells call paths apart, in any runtime.

use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use crate::param::{Key, Param, Same, each_tuple};
use crate::value::{Erased, Stashable};

/// One parameter of a query, where each is taken by itself: the type around an argument of type `G`. Or the tuple of several,
/// around the tuple `G` of the arguments; what is too long for one is a tuple in its last place.
pub trait Argument<G> {
    /// What is kept.
    type Key: Key;

    /// The argument.
    fn given(self) -> G;

    /// Feeds a hasher.
    fn hash<H: Hasher>(given: &G, state: &mut H);

    /// Whether the key is that of the argument.
    fn matches(given: &G, key: &Self::Key) -> bool;

    /// Makes the key.
    fn keep(given: G) -> Self::Key;
}

/// What can be an owned argument, or the tuple that holds those for which the longest tuple is too short.
#[diagnostic::on_unimplemented(
    message = "salvia: `{Self}` cannot be an argument of a query",
    note = "an argument needs `Clone + Eq + Hash + Send + Sync + 'static`: derive `Clone`, `PartialEq`, `Eq` and `Hash`, and \
            own what it holds; a type parameter is bounded by `Stashable + Hash`",
    note = "a float has neither `Eq` nor `Hash`: pass its bits, as `x.to_bits()`, or a newtype that has both, such as \
            `OrderedFloat` of the crate `ordered-float`"
)]
pub trait OwnedArgument: Stashable + Hash {}

// The error names `OwnedArgument`, once, instead of each trait that is missing.
#[diagnostic::do_not_recommend]
impl<A: Stashable + Hash> OwnedArgument for A {}

/// An owned argument, or all of them.
pub struct Own<A>(pub A);

impl<A: OwnedArgument> Argument<A> for Own<A> {
    type Key = A;

    fn given(self) -> A {
        self.0
    }

    fn hash<H: Hasher>(given: &A, state: &mut H) {
        given.hash(state);
    }

    fn matches(given: &A, key: &A) -> bool {
        key == given
    }

    fn keep(given: A) -> A {
        given
    }
}

/// An owned argument that may share what it holds with its key.
pub struct Sharing<A>(pub A);

impl<A: Same + Key> Argument<A> for Sharing<A> {
    type Key = A;

    fn given(self) -> A {
        self.0
    }

    fn hash<H: Hasher>(given: &A, state: &mut H) {
        given.hash(state);
    }

    fn matches(given: &A, key: &A) -> bool {
        key.same(given)
    }

    fn keep(given: A) -> A {
        given
    }
}

/// A borrowed argument, and its key. That is named with it, because where an argument has none, which is reported there, the
/// compiler then does not know what to look for here, and says nothing more.
pub struct View<K: ?Sized, P>(P, PhantomData<fn() -> K>);

/// Says of an argument that it is a borrowed one.
#[inline]
pub fn view<K: ?Sized, P>(given: P) -> View<K, P> {
    View(given, PhantomData)
}

impl<K: KeyOf<P>, P> Argument<P> for View<K, P> {
    type Key = K;

    fn given(self) -> P {
        self.0
    }

    fn hash<H: Hasher>(given: &P, state: &mut H) {
        K::hash_view(given, state);
    }

    fn matches(given: &P, key: &K) -> bool {
        key.is_of(given)
    }

    fn keep(given: P) -> K {
        K::made_of(given)
    }
}

/// The key of `P`: `Param`, seen from the other side.
pub trait KeyOf<P>: Key {
    /// Feeds a hasher.
    fn hash_view<H: Hasher>(given: &P, state: &mut H);

    /// Whether this is the key of the argument.
    fn is_of(&self, given: &P) -> bool;

    /// Makes the key.
    fn made_of(given: P) -> Self;
}

impl<K: Key, P: Param<Key = K>> KeyOf<P> for K {
    #[inline]
    fn hash_view<H: Hasher>(given: &P, state: &mut H) {
        given.hash_view(state);
    }

    #[inline]
    fn is_of(&self, given: &P) -> bool {
        given.matches(self)
    }

    fn made_of(given: P) -> K {
        given.to_key()
    }
}

macro_rules! tuples {
    ($($($name:ident $of:ident $index:tt)*;)*) => {$(
        impl<$($of, $name: Argument<$of>),*> Argument<($($of,)*)> for ($($name,)*) {
            type Key = ($($name::Key,)*);

            fn given(self) -> ($($of,)*) {
                ($(self.$index.given(),)*)
            }

            #[inline]
            fn hash<Z: Hasher>(given: &($($of,)*), state: &mut Z) {
                $($name::hash(&given.$index, state);)*
            }

            #[inline]
            fn matches(given: &($($of,)*), key: &Self::Key) -> bool {
                true $(&& $name::matches(&given.$index, &key.$index))*
            }

            fn keep(given: ($($of,)*)) -> Self::Key {
                ($($name::keep(given.$index),)*)
            }
        }
    )*};
}

each_tuple! { tuples }

/// All arguments of a call.
pub(crate) trait Arguments {
    /// The arguments in the types the user wrote.
    type Given;
    /// What is kept.
    type Key: Key;
    /// Whether the body borrows from the key.
    const IS_VIEW: bool;

    /// Feeds a hasher.
    fn hash<H: Hasher>(given: &Self::Given, state: &mut H);

    /// Whether the key is that of the arguments.
    fn matches(given: &Self::Given, key: &Self::Key) -> bool;

    /// Makes the key, to be found by this hash.
    fn keep(given: Self::Given, hash: u64) -> Self::Key;

    /// The hash that the key is found by, if it is not the key's own.
    fn place(key: &Self::Key) -> Option<u64>;

    /// The tuple of what is kept of each argument.
    fn tuple(key: &Self::Key) -> &Erased;
}

impl<K: Key> Arguments for Own<K> {
    type Given = K;
    type Key = K;
    const IS_VIEW: bool = false;

    #[inline]
    fn hash<H: Hasher>(given: &K, state: &mut H) {
        given.hash(state);
    }

    #[inline]
    fn matches(given: &K, key: &K) -> bool {
        key == given
    }

    #[inline]
    fn keep(given: K, _hash: u64) -> K {
        given
    }

    fn place(_key: &K) -> Option<u64> {
        None
    }

    fn tuple(key: &K) -> &Erased {
        key
    }
}

/// Arguments that are taken each by itself: `G` together, in the types `A`.
pub(crate) struct Views<A, G>(PhantomData<(A, G)>);

impl<G, A: Argument<G>> Arguments for Views<A, G> {
    type Given = G;
    type Key = Placed<A::Key>;
    const IS_VIEW: bool = true;

    #[inline]
    fn hash<H: Hasher>(given: &G, state: &mut H) {
        A::hash(given, state);
    }

    #[inline]
    fn matches(given: &G, key: &Placed<A::Key>) -> bool {
        A::matches(given, &key.key)
    }

    fn keep(given: G, by: u64) -> Placed<A::Key> {
        let key = A::keep(given);
        Placed { by, key }
    }

    fn place(key: &Placed<A::Key>) -> Option<u64> {
        Some(key.by)
    }

    fn tuple(key: &Placed<A::Key>) -> &Erased {
        &key.key
    }
}

/// An owned argument again, for a body that borrows the others.
pub fn again<A: OwnedArgument>(kept: &A) -> A {
    kept.clone()
}

/// A key, with the hash of the views that it is found by.
#[derive(Clone)]
pub struct Placed<K> {
    by: u64,
    /// The key.
    pub key: K,
}

impl<K: PartialEq> PartialEq for Placed<K> {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl<K: Eq> Eq for Placed<K> {}

impl<K: Hash> Hash for Placed<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

/// Arguments as what a table hashes.
pub(crate) struct Asked<'a, A: Arguments>(pub(crate) &'a A::Given);

impl<A: Arguments> Hash for Asked<'_, A> {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        A::hash(self.0, state);
    }
}
