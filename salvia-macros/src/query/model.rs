//! Facts about a query, right or wrong, each with the tokens it came from.
//!
//! Nothing is judged here. The one thing settled is which parameter plays which part: the receiver is the first, the
//! context the last of the others.

use syn::{
    Attribute, Generics, Ident, Lifetime, Path, Receiver, ReturnType, Signature, Type, Visibility,
};

use crate::function::params::{self, Param};
use crate::function::parse::{Body, Function};

/// A function that is to become a query.
pub(crate) struct Query {
    /// All attributes but `#[async_recursion]`.
    pub(crate) attrs: Vec<Attribute>,
    /// The paths of `#[async_recursion]`, which queries do not need.
    pub(crate) stripped: Vec<Path>,
    pub(crate) vis: Visibility,
    pub(crate) name: Ident,
    pub(crate) generics: Generics,
    pub(crate) receiver: Option<Receiver>,
    /// The parameters between receiver and context.
    pub(crate) params: Vec<Param>,
    pub(crate) context: Option<Param>,
    /// `None` is the unit type, not written.
    pub(crate) output: Option<Type>,
    pub(crate) body: Body,
    /// The parts no query may have, and the one it must have.
    pub(crate) sig: Signature,
}

/// What a type says of being the context.
pub(crate) enum ContextType<'a> {
    /// `&QueryContext`, or a reference to another path, which may be an alias.
    Reference {
        lifetime: Option<&'a Lifetime>,
        named: bool,
        of: &'a Type,
    },
    /// `&mut QueryContext`.
    Unique(&'a syn::Token![mut]),
    /// `QueryContext`.
    Owned,
    Other,
}

impl Query {
    pub(crate) fn new(function: Function) -> Self {
        let Function {
            attrs,
            vis,
            mut sig,
            body,
        } = function;
        let (stripped, attrs) = attrs.into_iter().partition::<Vec<_>, _>(is_async_recursion);
        let (receiver, mut params) = params::of(&sig);
        Self {
            attrs,
            stripped: stripped
                .into_iter()
                .map(|attr| attr.path().clone())
                .collect(),
            vis,
            name: sig.ident.clone(),
            generics: std::mem::take(&mut sig.generics),
            receiver,
            context: params.pop(),
            params,
            output: match std::mem::replace(&mut sig.output, ReturnType::Default) {
                ReturnType::Default => None,
                ReturnType::Type(_, ty) => Some(*ty),
            },
            body,
            sig,
        }
    }

    /// All parameters that are not receivers.
    pub(crate) fn all_params(&self) -> impl Iterator<Item = &Param> {
        self.params.iter().chain(&self.context)
    }
}

/// Sorts a type by how near it is to `&QueryContext`. Aliases cannot be seen through: the type checker decides on them.
pub(crate) fn context_type(ty: &Type) -> ContextType<'_> {
    match bare(ty) {
        Type::Reference(reference) => {
            let named = is_context_path(&reference.elem);
            match &reference.mutability {
                Some(mutability) if named => ContextType::Unique(mutability),
                None if matches!(bare(&reference.elem), Type::Path(_)) => ContextType::Reference {
                    lifetime: reference.lifetime.as_ref(),
                    named,
                    of: &reference.elem,
                },
                _ => ContextType::Other,
            }
        }
        ty if is_context_path(ty) => ContextType::Owned,
        _ => ContextType::Other,
    }
}

/// Whether this is a pinned, boxed or plain `dyn Future`, which other attributes turn an `async fn` into.
pub(crate) fn is_boxed_future(ty: &Type) -> bool {
    last_segment(ty).is_some_and(|segment| segment.ident == "Pin")
}

fn is_context_path(ty: &Type) -> bool {
    last_segment(ty)
        .is_some_and(|segment| segment.ident == "QueryContext" && segment.arguments.is_none())
}

fn last_segment(ty: &Type) -> Option<&syn::PathSegment> {
    match bare(ty) {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}

fn bare(ty: &Type) -> &Type {
    match ty {
        Type::Paren(inner) => bare(&inner.elem),
        Type::Group(inner) => bare(&inner.elem),
        ty => ty,
    }
}

fn is_async_recursion(attr: &Attribute) -> bool {
    attr.path()
        .segments
        .last()
        .is_some_and(|segment| segment.ident == "async_recursion")
}
