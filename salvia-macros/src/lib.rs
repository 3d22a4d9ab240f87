//! The macros of `salvia`; use them through that crate.
//!
//! A macro is four stages, each in its own file: `parse` reads the syntax, `model` sorts it into facts that keep their
//! tokens, `check` applies all rules and collects all errors, `emit` writes the code and decides nothing. The stages work
//! on `proc_macro2` streams, so that ordinary tests can feed them anything: a misused macro gives errors, never a panic.

mod bounds;
mod derive;
mod diag;
mod engine;
mod function;
mod input;
mod memo;
mod nested;
mod options;
mod projection;
mod query;
mod rewrite;
mod suggest;
#[cfg(test)]
mod tests;
mod thin;
mod tokens;

/// Turns an `async fn` into a query: its value is remembered, and computed again only when something it read has changed.
///
/// ```
/// use salvia::{QueryContext, Runtime, query};
///
/// #[query]
/// async fn fibonacci(n: u64, cx: &QueryContext) -> u64 {
///     match n {
///         0 | 1 => n,
///         n => {
///             let (a, b) = tokio::join!(fibonacci(n - 1, cx), fibonacci(n - 2, cx));
///             a + b
///         }
///     }
/// }
///
/// # #[tokio::main]
/// # async fn main() {
/// let rt = Runtime::new().await;
/// let value = rt.query(|cx| async move { fibonacci(50, &cx).await }).await;
/// assert_eq!(value, 12_586_269_025);
/// # }
/// ```
///
/// The last parameter is the context, `&QueryContext`, by whatever name.
/// The others, and the receiver, are the key: calls with equal arguments share one value.
/// Each has to be `Clone + Eq + Hash + Send + Sync + 'static`, or [borrow](#borrowed-arguments) what is, and the value
/// `Stashable`, which is the same without `Hash`.
///
/// Calling the function gives a named future, `salvia::Query<'cx, (A, B), V>`, for parameters `a: A, b: B` and a value of
/// type `V`.
/// So a query may call itself, directly or through others, and nothing needs to be boxed.
/// `#[async_recursion]` is not needed; below `#[query]` it is accepted and does nothing.
///
/// # What can be a query
///
/// - Free functions, functions inside functions, associated functions and methods of inherent `impl` blocks.
/// - Generic ones, with bounds, `where` clauses and constants; each instance has its own values.
/// - Methods that take `&self`, `self`, `mut self`, `self: Box<Self>`, `&'static self` and so on.
/// - Functions with any number of parameters, `mut` ones among them, and with no value.
///
/// Visibility and attributes stay, and the body may use `return` and `?`.
///
/// ```
/// use std::hash::Hash;
/// use salvia::{QueryContext, Stashable, query};
///
/// #[derive(Clone, PartialEq, Eq, Hash)]
/// struct Team<T>(T);
///
/// impl<T: Stashable + Hash> Team<T> {
///     /// A method.
///     #[query]
///     pub async fn name(self, mut prefix: String, cx: &QueryContext) -> Result<String, String>
///     where
///         T: ToString,
///     {
///         if prefix.is_empty() {
///             return Err("no prefix".to_owned());
///         }
///         prefix += &Self::separator(cx).await?;
///         Ok(prefix + &self.0.to_string())
///     }
///
///     #[query]
///     async fn separator(_cx: &QueryContext) -> Result<String, String> {
///         Ok(" ".to_owned())
///     }
/// }
///
/// # #[tokio::main]
/// # async fn main() {
/// let rt = salvia::Runtime::new().await;
/// let name = rt.query(|cx| async move { Team(7).name("Team".to_owned(), &cx).await }).await;
/// assert_eq!(name.as_deref(), Ok("Team 7"));
/// # }
/// ```
///
/// In an `impl` of a trait the signature belongs to the trait, so there the query is a function inside the method:
///
/// ```
/// use std::hash::Hash;
/// use salvia::{QueryContext, Stashable, query};
///
/// trait Area {
///     async fn area(&self, cx: &QueryContext) -> u64;
/// }
///
/// #[derive(Clone, PartialEq, Eq, Hash)]
/// struct Square(u64);
///
/// impl Area for Square {
///     async fn area(&self, cx: &QueryContext) -> u64 {
///         #[query]
///         async fn area(square: &Square, _cx: &QueryContext) -> u64 {
///             square.0 * square.0
///         }
///
///         area(self, cx).await
///     }
/// }
///
/// # #[tokio::main]
/// # async fn main() {
/// let rt = salvia::Runtime::new().await;
/// assert_eq!(rt.query(|cx| async move { Square(3).area(&cx).await }).await, 9);
/// # }
/// ```
///
#[doc = include_str!("query/views.md")]
/// # Errors
///
/// What cannot be a query is reported at the token that is in the way, with what to do, each mistake once but for those
/// below:
///
/// - functions that are not `async`, or are `const`, `unsafe`, `extern` or variadic;
/// - a last parameter that is not `&QueryContext`;
/// - parameters without a plain name (`_`, patterns), with attributes, or with a name used twice;
/// - `impl Trait`, `_` and `!` in types;
/// - `&mut`, references to views and to containers of views, and borrowed values; a lifetime bound inside a type, as in
///   `fn(&str)`, is none of its values;
/// - types that lack one of the traits above;
/// - bodies whose future is not `Send`, which is so when a value like `Rc` is kept across an `.await`;
/// - options that are not known, are given twice, or have a value that is not theirs; a function for `cycle` that is not
///   of the type below.
///
/// Two messages have those that the attribute cannot see: a method with a receiver in an `impl` of a trait, which the compiler
/// takes for two methods that the trait does not have; and a view without its lifetime, `View` for `View<'_>`. A projection
/// with a field that can be no key is reported where the field is, if it can be no argument of a memo either, and where a
/// query takes the projection.
///
/// ```compile_fail
/// # use salvia::{QueryContext, query};
/// #[query]
/// async fn length(texts: &[&str], _cx: &QueryContext) -> usize {
///     //                   ^ salvia: a query cannot take a reference to what borrows itself, ..
///     texts.len()
/// }
/// ```
///
/// # Options
///
/// They stand in the parentheses of `#[query(..)]`, in any order, each at most once: `#[query(spawn, detached)]`.
///
#[doc = include_str!("query/options.md")]
/// ## `cycle = path`
///
/// The value of a bound query that is part of a cycle, which without it is an error.
/// `path` names a `fn(&Cycle, A, B) -> V` for a query with parameters `a: A, b: B` and a value of type `V`; a receiver comes
/// before the parameters.
/// It may be generic, as in `cycle = broken::<T>`, or `Self::broken`.
///
/// Each query on the cycle that has such a function has its value from there, whoever asked first; the others, and all who
/// ask from outside of the cycle, compute theirs from that. Where two cycles share a query, and one of them closes before the
/// other, the values of the other depend on who asked first. The time grows with the square of the length of the cycle.
/// The values hold for one snapshot: after a mutation it is seen anew whether there is a cycle.
///
/// ```
/// use salvia::{Cycle, QueryContext, query};
///
/// #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
/// enum Cell {
///     A,
///     B,
///     C,
/// }
///
/// fn circular(cycle: &Cycle, _cell: Cell) -> Result<i64, String> {
///     Err(format!("{} cells need each other", cycle.participants().len()))
/// }
///
/// #[query(cycle = circular)]
/// async fn value(cell: Cell, cx: &QueryContext) -> Result<i64, String> {
///     match cell {
///         Cell::A => Ok(value(Cell::B, cx).await? + 1),
///         Cell::B => Ok(value(Cell::A, cx).await? * 2),
///         Cell::C => Ok(value(Cell::A, cx).await.unwrap_or(0) + 10),
///     }
/// }
///
/// # #[tokio::main]
/// # async fn main() {
/// let rt = salvia::Runtime::new().await;
/// rt.query(|cx| async move {
///     assert_eq!(value(Cell::A, &cx).await, Err("2 cells need each other".to_owned()));
///     assert_eq!(value(Cell::B, &cx).await, Err("2 cells need each other".to_owned()));
///     assert_eq!(value(Cell::C, &cx).await, Ok(10));
/// })
/// .await;
/// # }
/// ```
///
/// # A dependency of another name
///
/// Generated code refers to `::salvia`.
/// Where the dependency is renamed, or reached through another crate, `crate` says where it is.
/// The path begins at a dependency, or with `crate`, `self` or `super`.
///
/// ```
/// mod facade {
///     pub use salvia as engine;
/// }
///
/// #[salvia::query(crate = crate::facade::engine)]
/// async fn one(_cx: &salvia::QueryContext) -> u32 {
///     1
/// }
/// # fn main() {}
/// ```
#[proc_macro_attribute]
pub fn query(
    options: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    query::expand(options.into(), item.into()).into()
}

/// Gives a type the methods `get` and `set`, which read and set the inputs it is the host of.
///
/// A type is the host of an input of values `V` when it implements `salvia::Input<V>`; it may do so for several `V`.
/// The methods are inherent, and generic over `V`:
///
/// ```text
/// pub fn get<V>(self, cx: &impl ReadContext) -> Get<'_, Self, V>    // a future of V
/// pub fn set<V>(self, value: V, cx: &InputContext) -> Set<'_, Self, V>    // a future of ()
/// ```
///
/// Both futures do nothing unless they are awaited.
/// Where the host has a single input the type of its values need not be written; else an annotation or `get::<V>` tells.
///
/// ```
/// use salvia::{Input, InputAccess, QueryContext, Runtime, query};
///
/// #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputAccess)]
/// enum Team {
///     Red,
///     Blue,
/// }
///
/// impl Input<u32> for Team {
///     fn initial(&self) -> u32 {
///         0
///     }
/// }
///
/// #[query]
/// async fn leader(cx: &QueryContext) -> Option<Team> {
///     let (red, blue) = (Team::Red.get(cx).await, Team::Blue.get::<u32>(cx).await);
///     match red.cmp(&blue) {
///         std::cmp::Ordering::Less => Some(Team::Blue),
///         std::cmp::Ordering::Equal => None,
///         std::cmp::Ordering::Greater => Some(Team::Red),
///     }
/// }
///
/// # #[tokio::main]
/// # async fn main() {
/// let rt = Runtime::new().await;
/// assert_eq!(rt.query(|cx| async move { leader(&cx).await }).await, None);
///
/// rt.mutate(|cx| async move {
///     let red = Team::Red.get(&cx).await;
///     Team::Red.set(red + 1, &cx).await;
/// })
/// .await;
/// assert_eq!(rt.query(|cx| async move { leader(&cx).await }).await, Some(Team::Red));
/// # }
/// ```
///
/// # What can be a host
///
/// Structs and enums of any shape, with any parameters, bounds and `where` clauses.
/// The derive itself asks nothing of the type: what `Input` asks, `Clone + Eq + Hash + Send + Sync + 'static`, is asked
/// where `Input` is implemented, and the methods ask for an input of `V` where they are called.
/// The names of the methods are all it adds to the type.
/// If its definition says that it is `Debug`, as `#[derive(Debug)]` does, events and graphs name its inputs by that.
///
/// # Errors
///
/// Unions cannot be hosts, because they cannot tell their values apart.
/// The only option is `crate`.
///
/// # A dependency of another name
///
/// As for [`query`](macro@query), `crate` says where `salvia` is if it is not at `::salvia`:
///
/// ```
/// mod facade {
///     pub use salvia as engine;
/// }
///
/// #[derive(salvia::InputAccess)]
/// #[input_access(crate = crate::facade::engine)]
/// struct Host;
/// # fn main() {}
/// ```
#[proc_macro_derive(InputAccess, attributes(input_access))]
pub fn input_access(item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    input::expand(item.into()).into()
}

#[doc = include_str!("derive/perfect_derive.md")]
#[proc_macro_attribute]
pub fn perfect_derive(
    list: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    derive::attach(derive::Way::Perfect, list.into(), item.into()).into()
}

#[doc = include_str!("derive/bounded_derive.md")]
#[proc_macro_attribute]
pub fn bounded_derive(
    list: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    derive::attach(derive::Way::Bounded, list.into(), item.into()).into()
}

/// What the two attributes put on a type: a derive does not see what `#[cfg]` takes away.
#[doc(hidden)]
#[proc_macro_derive(ExactBounds, attributes(exact_bounds, bound_derive, default))]
pub fn exact_bounds(item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    derive::expand(item.into()).into()
}

#[doc = include_str!("thin/thin_dyn.md")]
#[proc_macro_attribute]
pub fn thin_dyn(
    options: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    thin::expand(thin::Home::alone(), options.into(), item.into()).into()
}

/// The same, for users of `salvia`: generated code refers to `::salvia::thin`.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn thin_dyn_in_salvia(
    options: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    thin::expand(thin::Home::in_salvia(), options.into(), item.into()).into()
}

#[doc = include_str!("projection/doc.md")]
#[proc_macro_derive(Projection, attributes(projection))]
pub fn projection(item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    projection::expand(item.into()).into()
}

#[doc = include_str!("memo/doc.md")]
#[proc_macro_attribute]
pub fn memo(
    options: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    memo::expand(options.into(), item.into()).into()
}

#[doc = include_str!("nested/nested.md")]
#[proc_macro_attribute]
pub fn nested(
    options: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    nested::expand(options.into(), item.into()).into()
}
