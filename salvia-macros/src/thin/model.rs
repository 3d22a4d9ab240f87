//! Facts about a trait that is to have thin objects, with the tokens they came from.

use proc_macro2::{Ident, TokenStream};
use syn::{
    FnArg, ItemTrait, PatType, Path, PathArguments, PredicateType, Receiver, TraitItem,
    TraitItemFn, Type, TypeParamBound, WherePredicate,
};

use super::attributes;
use super::words;

/// A trait.
pub(crate) struct Thin {
    pub(crate) item: ItemTrait,
    /// The conditions the trait itself is under.
    pub(crate) conditions: Vec<TokenStream>,
    /// What can be called through an object, in order.
    pub(crate) methods: Vec<Method>,
    /// What is in the way: associated types and constants, macros.
    pub(crate) others: Vec<TraitItem>,
    pub(crate) names: Names,
}

/// Names for generated code that the trait does not use.
pub(crate) struct Names {
    pub(crate) lifetime: Ident,
    pub(crate) concrete: Ident,
    pub(crate) object: Ident,
}

/// A function of the trait without `where Self: Sized`.
pub(crate) struct Method {
    pub(crate) conditions: Vec<TokenStream>,
    pub(crate) function: TraitItemFn,
    pub(crate) receiver: Kind,
    pub(crate) params: Vec<PatType>,
}

/// How a method takes its object.
pub(crate) enum Kind {
    /// `&self`, or `self: &Self`.
    Shared(Receiver),
    /// `&mut self`, or `self: &mut Self`.
    Exclusive(Receiver),
    /// By value, in a box, and so on.
    Other(Receiver),
    /// Not at all.
    Missing,
}

impl Thin {
    /// Takes over a trait, which was read from `tokens`.
    pub(crate) fn new(item: ItemTrait, tokens: &TokenStream) -> Self {
        let (mut methods, mut others) = (Vec::new(), Vec::new());
        for member in &item.items {
            match member {
                TraitItem::Fn(function) if is_for_sized(function) => {}
                TraitItem::Fn(function) => methods.push(Method::new(function.clone())),
                other => others.push(other.clone()),
            }
        }
        let names = Names {
            lifetime: words::unused("thin", tokens),
            concrete: words::unused("ThinConcrete", tokens),
            object: words::unused("ThinObject", tokens),
        };
        Self {
            conditions: attributes::conditions(&item.attrs),
            item,
            methods,
            others,
            names,
        }
    }
}

impl Method {
    fn new(function: TraitItemFn) -> Self {
        let receiver = match function.sig.receiver() {
            None => Kind::Missing,
            Some(receiver) => match borrowed(&receiver.ty) {
                None => Kind::Other(receiver.clone()),
                Some(false) => Kind::Shared(receiver.clone()),
                Some(true) => Kind::Exclusive(receiver.clone()),
            },
        };
        let params = function.sig.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(param) => Some(param.clone()),
            FnArg::Receiver(_) => None,
        });
        Self {
            conditions: attributes::conditions(&function.attrs),
            params: params.collect(),
            receiver,
            function,
        }
    }
}

/// Whether a type is `&Self` (false) or `&mut Self` (true).
fn borrowed(ty: &Type) -> Option<bool> {
    match ty {
        Type::Group(group) => borrowed(&group.elem),
        Type::Paren(paren) => borrowed(&paren.elem),
        Type::Reference(reference) => {
            is_self(&reference.elem).then_some(reference.mutability.is_some())
        }
        _ => None,
    }
}

/// Whether a type is `Self`.
pub(crate) fn is_self(ty: &Type) -> bool {
    match ty {
        Type::Group(group) => is_self(&group.elem),
        Type::Paren(paren) => is_self(&paren.elem),
        Type::Path(path) => path.qself.is_none() && path.path.is_ident("Self"),
        _ => false,
    }
}

/// Whether a function has `where Self: Sized`, so that it is none of an object's.
fn is_for_sized(function: &TraitItemFn) -> bool {
    let Some(clause) = &function.sig.generics.where_clause else {
        return false;
    };
    clause.predicates.iter().any(|predicate| match predicate {
        WherePredicate::Type(PredicateType {
            lifetimes: None,
            bounded_ty,
            bounds,
            ..
        }) => is_self(bounded_ty) && bounds.iter().any(is_sized),
        _ => false,
    })
}

/// Whether a bound is `Sized`, by whatever path.
pub(crate) fn is_sized(bound: &TypeParamBound) -> bool {
    match bound {
        TypeParamBound::Trait(bound) => ends_in(&bound.path, &["Sized"]),
        _ => false,
    }
}

/// Whether the last name of a path is one of these, without arguments.
pub(crate) fn ends_in(path: &Path, names: &[&str]) -> bool {
    path.segments.last().is_some_and(|last| {
        matches!(last.arguments, PathArguments::None) && names.iter().any(|name| last.ident == name)
    })
}
