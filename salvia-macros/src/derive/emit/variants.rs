//! Getting at the fields: those of a struct where they are, those of an enum through a `match`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote_spanned};
use syn::Member;

use super::placed;
use crate::derive::model::{Field, Model, Shape, Variant};

/// Whose fields.
#[derive(Clone, Copy)]
pub(super) enum Whose {
    Own,
    Others,
}

/// The other value, in implementations for two.
pub(super) fn other() -> Ident {
    Ident::new("__salvia_other", Span::mixed_site())
}

/// What to do with the fields of `self`, which are references.
pub(super) fn of_one(
    model: &Model,
    each: impl Fn(&Variant, &[TokenStream]) -> TokenStream,
) -> TokenStream {
    match &model.shape {
        Shape::Struct(one) | Shape::Union(one) => each(one, &references(model, one, Whose::Own)),
        Shape::Enum(variants) if variants.is_empty() => nothing(),
        Shape::Enum(variants) => {
            let arms = variants.iter().map(|variant| {
                let pattern = pattern(variant, Whose::Own);
                let then = each(variant, &references(model, variant, Whose::Own));
                code! { #pattern => #then, }
            });
            code! { match self { #(#arms)* } }
        }
    }
}

/// What to do with the fields of `self` and those of the other value, if both are of the same variant, and what otherwise.
/// Variants without fields may go either way.
pub(super) fn of_two(
    model: &Model,
    each: impl Fn(&Variant, &[TokenStream], &[TokenStream]) -> TokenStream,
    otherwise: impl Fn() -> TokenStream,
) -> TokenStream {
    let both = |variant: &Variant| {
        let own = references(model, variant, Whose::Own);
        each(variant, &own, &references(model, variant, Whose::Others))
    };
    let variants = match &model.shape {
        Shape::Struct(one) | Shape::Union(one) => return both(one),
        Shape::Enum(variants) if variants.is_empty() => return nothing(),
        Shape::Enum(variants) => variants,
    };
    let is_only = variants.len() == 1;
    let arms: Vec<TokenStream> = variants
        .iter()
        .filter(|variant| is_only || !variant.fields.is_empty())
        .map(|variant| {
            let own = pattern(variant, Whose::Own);
            let others = pattern(variant, Whose::Others);
            let then = both(variant);
            code! { (#own, #others) => #then, }
        })
        .collect();
    if arms.is_empty() {
        return otherwise();
    }
    let rest = (!is_only).then(|| {
        let otherwise = otherwise();
        code! { _ => #otherwise, }
    });
    let other = other();
    code! { match (self, #other) { #(#arms)* #rest } }
}

/// There is no value to do anything with.
fn nothing() -> TokenStream {
    code! { match *self {} }
}

/// `Self` or `Self::Variant`.
pub(super) fn constructor(model: &Model, variant: &Variant) -> TokenStream {
    match &model.shape {
        Shape::Struct(_) | Shape::Union(..) => code! { Self },
        Shape::Enum(_) => {
            let name = placed(&variant.name, Span::mixed_site());
            code! { Self::#name }
        }
    }
}

/// The name of a field, at its type.
pub(super) fn member(field: &Field) -> Member {
    match &field.member {
        Member::Named(name) => Member::Named(placed(name, field.span())),
        Member::Unnamed(index) => Member::Unnamed(index.clone()),
    }
}

fn references(model: &Model, variant: &Variant, whose: Whose) -> Vec<TokenStream> {
    let reference = |(at, field): (usize, &Field)| {
        let span = field.span();
        let member = member(field);
        let value = match whose {
            Whose::Own => quote_spanned! { span=> self },
            Whose::Others => {
                let other = placed(&other(), span);
                quote_spanned! { span=> #other }
            }
        };
        match &model.shape {
            Shape::Enum(_) => {
                let name = binding(at, field, whose);
                quote_spanned! { span=> #name }
            }
            Shape::Struct(_) | Shape::Union(..) if model.is_packed => {
                quote_spanned! { span=> &{ #value.#member } }
            }
            Shape::Struct(_) | Shape::Union(..) => quote_spanned! { span=> &#value.#member },
        }
    };
    variant.fields.iter().enumerate().map(reference).collect()
}

fn pattern(variant: &Variant, whose: Whose) -> TokenStream {
    let name = placed(&variant.name, Span::mixed_site());
    let fields = variant.fields.iter().enumerate().map(|(at, field)| {
        let member = member(field);
        let binding = binding(at, field, whose);
        code! { #member: #binding }
    });
    code! { Self::#name { #(#fields),* } }
}

fn binding(at: usize, field: &Field, whose: Whose) -> Ident {
    let whose = match whose {
        Whose::Own => "self",
        Whose::Others => "other",
    };
    format_ident!("__salvia_{whose}_{at}", span = field.span())
}
