//! Views and what is kept of them: how a borrowed argument is compared with a stored one.
//!
//! A cached call is found by its arguments, and those may be borrowed. Two traits say what that takes, one for each kind
//! of cache, and `#[derive(Projection)]` writes both for types of users:
//!
//! - [`ToStatic`], for memos. The arguments are at hand whenever the body runs, so it is enough to make an owned
//!   snapshot of a view and to compare a view with a snapshot.
//! - [`Param`], for queries and slots. A table is looked up by hash, so a view can be hashed; and a query runs again when
//!   its caller is long gone, so a view can be made from the owned key. This is what limits it: a rebuilt view lives in
//!   nothing but the key, so there is a `Vec<View<'k>>` in it but no `&'k [View<'k>]`. References are to owned data,
//!   views are passed by value.
//!
//! Neither is a part of the other. `&T` is a `Param` for every owned `T` that can be a key, without an implementation for
//! `T`; it is `ToStatic` wherever `T` is.
//!
//! Invariants: a comparison allocates nothing; two floats are the same when their bits are; what two handles share
//! (`Arc` and the like) is the same as itself and is not looked at.

mod borrowed;
#[cfg(feature = "bytes")]
mod bytes;
mod counted;
mod floats;
mod hashed;
#[cfg(feature = "imbl")]
mod imbl;
mod ordered;
mod owned;
mod same;
mod sequence;
mod shape;
mod tuple;

use std::hash::{Hash, Hasher};

pub use hashed::HashEntries;
pub(crate) use same::Same;
pub(crate) use tuple::each_tuple;

/// What can be an argument of a [memo](macro@crate::memo): an owned snapshot of it can be made, and compared with it.
///
/// Implemented for numbers, `bool`, `char`, texts, paths, times, network addresses, and for references, boxes, counted
/// pointers, collections, arrays, tuples and the like of what implements it. For types of yours there is
/// [`#[derive(Projection)]`](macro@crate::Projection).
///
/// By hand it is implemented for a type of another crate behind a wrapper, or where a part says it all:
///
/// ```
/// use salvia::ToStatic;
///
/// struct Page<'a> {
///     text: &'a str,
///     /// Counts the changes of the text.
///     version: u64,
/// }
///
/// impl ToStatic for Page<'_> {
///     type Static = u64;
///
///     fn to_static(&self) -> u64 {
///         self.version
///     }
///
///     fn eq_static(&self, kept: &u64) -> bool {
///         self.version == *kept
///     }
/// }
///
/// #[salvia::memo(single)]
/// fn words(page: Page<'_>) -> usize {
///     page.text.split_whitespace().count()
/// }
///
/// assert_eq!(words(Page { text: "a b c", version: 1 }), 3);
/// assert_eq!(words(Page { text: "", version: 1 }), 3, "nobody looked at the text");
/// assert_eq!(words(Page { text: "", version: 2 }), 0);
/// ```
#[diagnostic::on_unimplemented(
    message = "salvia: `{Self}` cannot be an argument of a memo, because no snapshot can be made of it",
    label = "a type of yours needs `#[derive(salvia::Projection)]`",
    note = "implement `salvia::ToStatic` by hand where the derive does not do; what is behind an `Arc` or `Rc` needs \
            `PartialEq` and no borrows"
)]
pub trait ToStatic {
    /// The owned snapshot.
    type Static: 'static;

    /// Makes a snapshot. Called when a value is about to be stored.
    fn to_static(&self) -> Self::Static;

    /// Whether a snapshot of this would be the same as `kept`. Called on every look, so it should not allocate.
    fn eq_static(&self, kept: &Self::Static) -> bool;
}

/// A borrowed argument of a query, or a slot: it is looked up as it is, and kept as an owned key.
///
/// | what | key | rebuilt view |
/// |---|---|---|
/// | `&T` | `T` | `&T` |
/// | `&str`, `&[T]`, `&Path` | `String`, `Vec<T>`, `PathBuf` | the same reference |
/// | numbers, texts, `Arc<T>` .. | the value | a clone |
/// | a type with [`#[derive(Projection)]`](macro@crate::Projection) | its fields' keys | itself |
/// | options, tuples, vectors .. of these | the same of keys | the same of views |
///
/// Wherever `T` stands behind a reference it is `Clone + Eq + Hash + Send + Sync + 'static`, as for an owned argument.
/// So there is no reference to a view, or to a container of views, in the table: there would be nothing to rebuild it
/// in. Pass the view or the container by value, as `Vec<View<'_>>` instead of `&[View<'_>]`.
///
/// Floats and `Rc` are no keys, and neither is a projection that holds one; in memos they are fine.
///
/// ```
/// use salvia::Param;
///
/// fn round_trip<P: Param>(view: P) -> P::Key {
///     let key = view.to_key();
///     assert!(view.matches(&key));
///     key
/// }
///
/// let key = round_trip(("a", Some(&[1, 2][..])));
/// assert_eq!(key, ("a".to_owned(), Some(vec![1, 2])));
/// let (text, numbers) = <(&str, Option<&[i32]>)>::view(&key);
/// assert_eq!((text, numbers), ("a", Some(&[1, 2][..])));
/// ```
#[diagnostic::on_unimplemented(
    message = "salvia: `{Self}` cannot be a borrowed argument of a query",
    label = "a view of yours needs `#[derive(salvia::Projection)]`, with fields that can be keys",
    note = "a reference is to owned data, which is `Clone + Eq + Hash + Send + Sync + 'static`; a view, or a container of \
            views, is passed by value: `Vec<View<'_>>`, not `&[View<'_>]`",
    note = "a float is no key, and no part of one: pass its bits, as `x.to_bits()`"
)]
pub trait Param {
    /// What is kept.
    type Key: Clone + Eq + Hash + Send + Sync + 'static;

    /// The argument as it is made from its key. `Self` with another lifetime, as a rule.
    type View<'k>;

    /// Feeds a hasher. Arguments that match one key feed it the same.
    fn hash_view<H: Hasher>(&self, state: &mut H);

    /// Whether [`to_key`](Self::to_key) would give a key equal to this one. Called on every look, so it should not
    /// allocate.
    fn matches(&self, key: &Self::Key) -> bool;

    /// Makes the key. Called when a value is about to be stored.
    fn to_key(&self) -> Self::Key;

    /// Makes the argument from the key, for a run without a caller.
    fn view(key: &Self::Key) -> Self::View<'_>;
}

/// What can be a key as it is, and is a parameter behind a reference.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "salvia: a reference to `{Self}` cannot be an argument of a query, because `{Self}` cannot be a key",
    label = "what is behind the `&` needs `Clone + Eq + Hash + Send + Sync + 'static`",
    note = "derive `Clone`, `PartialEq`, `Eq` and `Hash` for `{Self}`, and own what it holds; a type parameter is bounded by \
            `Stashable + Hash`",
    note = "a view, or a container of views, is passed by value: `Vec<View<'_>>`, not `&[View<'_>]`",
    note = "a float has neither `Eq` nor `Hash`: pass its bits, as `x.to_bits()`, or a newtype that has both, such as \
            `OrderedFloat` of the crate `ordered-float`"
)]
pub trait Key: Clone + Eq + Hash + Send + Sync + 'static {}

// The error names `Key`, once, instead of each trait that is missing.
#[diagnostic::do_not_recommend]
impl<T: Clone + Eq + Hash + Send + Sync + 'static> Key for T {}
