//! Exact bounds: what an implementation for a generic type has to ask of its parameters, and no more.
//!
//! `#[derive]` of the standard library asks `T: Trait` of every type parameter. That is too much for `Rc<T>: Clone`, and
//! too little for `T::Item`. Here the *types of the fields* are asked. A macro sees names, not types, so it has to know
//! when such a bound would lead the compiler in a circle:
//!
//! 1. A type that mentions no parameter is not asked: if it lacks the trait, the generated body says so.
//! 2. A type that does not mention the type that is being derived is asked exactly: `where FieldType: Trait`.
//! 3. A type that mentions it with its own parameters (`Option<Rc<List<T>>>`) is taken apart with a table of the
//!    containers of the standard library, down to what they ask of their arguments. The type itself is dropped from
//!    that: it has the trait if all the others do. Where a container asks another trait of it, all fields are asked for
//!    that one too.
//! 4. Where it stands in a container that is not in the table, the bounds are the classic ones, for the parameters there.
//! 5. So they are where it has other arguments (`Tree<(T, T)>`), or is named by a path that may lead elsewhere.
//!
//! To drop or to add a bound can make a program fail to compile, but never do the wrong thing: bodies are checked.
//! What no macro can see is a circle through a second type. It ends where one of the two has classic bounds.
//!
//! `container` knows the names of the containers, `standard` what the traits of the standard library ask of them,
//! `subject` the type that is being derived; `walk` is the algorithm. [`exact`] is all that most derives need.

mod container;
mod standard;
mod subject;
#[cfg(test)]
mod tests;
mod walk;

use proc_macro2::{Span, TokenStream};
use syn::{DeriveInput, WherePredicate};

pub(crate) use container::{Container, take_apart};
pub(crate) use standard::Standard;
pub(crate) use subject::{Mention, Subject, fields};
pub(crate) use walk::Bounds;

/// A trait that is asked of types.
pub(crate) trait Asked: Clone + PartialEq {
    /// The path of the trait, to be written in a bound. Its tokens get the span, so that the compiler points there when the
    /// bound does not hold; the path itself is to be found from anywhere.
    fn path(&self, span: Span) -> TokenStream;

    /// What the type argument at `position` has to implement, so that the container implements this trait. Nothing to ask
    /// is `Some` of an empty list; `None` says that it is not known.
    ///
    /// A derive whose trait holds for a container if it holds for all arguments answers `Some(vec![self.clone()])`.
    fn of_argument(&self, container: Container, position: usize) -> Option<Vec<Self>>;
}

/// The predicates under which all fields of a type implement a trait. They go behind those that the type itself has.
///
/// ```text
/// struct List<T> { value: Rc<T>, next: Option<Rc<List<T>>> }
///
/// Clone    where Rc<T>: Clone
/// Debug    where Rc<T>: Debug
/// ```
///
/// For a part of the fields, for classic bounds, and to gather the bounds of several traits there is [`Bounds`].
pub(crate) fn exact<A: Asked>(input: &DeriveInput, asked: &A) -> Vec<WherePredicate> {
    let subject = Subject::new(input);
    let mut bounds = Bounds::new(&subject);
    let fields = fields(&input.data);
    let types: Vec<_> = fields.iter().map(|field| &field.ty).collect();
    bounds.exact(&types, asked);
    bounds.into_predicates()
}
