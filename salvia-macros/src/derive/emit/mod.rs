//! Writes the implementations.
//!
//! No rules and no errors here. Everything is called by its path from `::core`, never as a method: what a type or a scope
//! has under the usual names does not matter. Tokens that deal with a field are placed at the type of the field, which is
//! where the compiler then points when the field lacks a trait.

/// Code whose names cannot clash with those of the user.
macro_rules! code {
    ($($tokens:tt)*) => { quote::quote_spanned! { proc_macro2::Span::mixed_site()=> $($tokens)* } };
}

mod bounds;
mod compare;
mod data;
mod show;
mod variants;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;
use syn::{Attribute, GenericParam, Generics};

use super::check::is_possible;
use super::model::Model;
use super::request::Wanted;
use crate::bounds::{Asked, Standard};

/// The implementations of all traits that are wanted.
pub(super) fn implementations(model: &Model) -> TokenStream {
    let all = model.traits.iter();
    all.map(|wanted| implementation(model, wanted)).collect()
}

fn implementation(model: &Model, wanted: &Wanted) -> TokenStream {
    let predicates = bounds::predicates(model, wanted.kind);
    let mut generics = without_attributes(&model.generics);
    if !predicates.is_empty() {
        let clause = generics.make_where_clause();
        clause.predicates.extend(predicates.iter().cloned());
    }
    let (params, arguments, where_clause) = generics.split_for_impl();
    let span = Span::mixed_site().located_at(wanted.name.span());
    let path = wanted.kind.path(span);
    let name = placed(&model.name, span);
    let items = items(model, wanted.kind, predicates.is_empty());
    let lints = model.attrs.iter().filter(|attr| is_lint(attr));
    let implementation = items.map(|items| {
        quote_spanned! { span=>
            #[automatically_derived]
            #(#lints)*
            impl #params #path for #name #arguments #where_clause { #items }
        }
    });
    let check = (wanted.kind == Standard::Eq).then(|| compare::total(model, &generics, &name));
    TokenStream::from_iter(implementation.into_iter().chain(check))
}

/// What is inside of the implementation; nothing if there cannot be one.
fn items(model: &Model, kind: Standard, is_unbounded: bool) -> Option<TokenStream> {
    if !is_possible(model, kind) {
        // What stands in is never run.
        return (kind == Standard::Default).then(|| code! { fn default() -> Self { loop {} } });
    }
    let items = match kind {
        Standard::Copy | Standard::Eq | Standard::BuildHasher => TokenStream::new(),
        Standard::Clone => data::clone(model, is_unbounded),
        Standard::Default => data::default(model),
        Standard::Hash => data::hash(model),
        Standard::Debug => show::debug(model),
        Standard::PartialEq => compare::eq(model),
        Standard::PartialOrd => compare::partial_cmp(model),
        Standard::Ord => compare::cmp(model),
    };
    Some(items)
}

/// Attributes of parameters are for the item.
fn without_attributes(generics: &Generics) -> Generics {
    let mut generics = generics.clone();
    for param in &mut generics.params {
        match param {
            GenericParam::Lifetime(param) => param.attrs.clear(),
            GenericParam::Type(param) => param.attrs.clear(),
            GenericParam::Const(param) => param.attrs.clear(),
        }
    }
    generics
}

/// Levels of lints hold for what is derived, too.
fn is_lint(attr: &Attribute) -> bool {
    ["allow", "warn", "deny", "forbid"]
        .iter()
        .any(|name| attr.path().is_ident(name))
}

/// A name of the user's at another place. It still means what it meant, and lints know that the user has not used it here.
fn placed(name: &Ident, span: Span) -> Ident {
    let mut name = name.clone();
    name.set_span(Span::mixed_site().located_at(span));
    name
}
