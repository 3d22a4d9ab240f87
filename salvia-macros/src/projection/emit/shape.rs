//! Code that goes through the variants of a view and of what is kept of it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote_spanned};

use super::code;
use crate::projection::kept::Form;
use crate::projection::model::{Field, Keep, Variant, View};

/// A field that is kept, with the names of its place in the view and in what is kept.
pub(super) struct Place<'a> {
    pub(super) field: &'a Field<'a>,
    pub(super) of_view: Ident,
    pub(super) of_kept: Ident,
}

pub(super) fn kept_name() -> Ident {
    Ident::new("__SalviaKept", Span::mixed_site())
}

pub(super) fn kept_variant(number: usize) -> Ident {
    format_ident!("V{number}", span = Span::mixed_site())
}

/// The value that is kept, of which the parameter of the methods has the name.
pub(super) fn kept_value() -> Ident {
    Ident::new("__salvia_kept", Span::mixed_site())
}

/// What is kept of a variant.
pub(super) fn forms<'a>(variant: &'a Variant<'_>) -> impl Iterator<Item = &'a Form> {
    variant.fields.iter().filter_map(|field| match &field.keep {
        Keep::Nothing => None,
        Keep::As(form) => Some(form),
    })
}

/// Does something with each kept field of whatever variant the view is, and gives what is to be made of all of it.
pub(super) fn matching(
    view: &View<'_>,
    each: impl Fn(&Place<'_>) -> TokenStream,
    all: impl Fn(usize, Vec<TokenStream>) -> TokenStream,
) -> TokenStream {
    if view.variants.is_empty() {
        return code! { match *self {} };
    }
    let arms = view.variants.iter().enumerate().map(|(number, variant)| {
        let places = places(variant);
        let pattern = pattern(variant, &places);
        let value = all(number, places.iter().map(&each).collect());
        code! { #pattern => #value }
    });
    code! { match self { #(#arms)* } }
}

/// Compares each kept field with what is kept of it.
pub(super) fn comparing(view: &View<'_>, each: impl Fn(&Place<'_>) -> TokenStream) -> TokenStream {
    if view.variants.is_empty() {
        return code! { match *self {} };
    }
    let (kept, value) = (kept_name(), kept_value());
    let arms = view.variants.iter().enumerate().map(|(number, variant)| {
        let places = places(variant);
        let pattern = pattern(variant, &places);
        let kept_variant = kept_variant(number);
        let names = places.iter().map(|place| &place.of_kept);
        let each = places.iter().map(&each);
        code! { (#pattern, #kept::#kept_variant(#(#names),*)) => true #(&& #each)*, }
    });
    let other = (view.variants.len() > 1).then(|| code! { _ => false, });
    code! { match (self, #value) { #(#arms)* #other } }
}

/// Makes the view from what is kept of each field.
pub(super) fn rebuilding(view: &View<'_>, each: impl Fn(&Place<'_>) -> TokenStream) -> TokenStream {
    let (kept, value, name) = (kept_name(), kept_value(), view.name);
    if view.variants.is_empty() {
        return code! { match *#value {} };
    }
    let arms = view.variants.iter().enumerate().map(|(number, variant)| {
        let places = places(variant);
        let kept_variant = kept_variant(number);
        let names = places.iter().map(|place| &place.of_kept);
        let fields = places.iter().map(|place| {
            let (member, value) = (&place.field.member, each(place));
            code! { #member: #value, }
        });
        let nothing = variant.fields.iter().filter_map(|field| match field.keep {
            Keep::As(_) => None,
            Keep::Nothing => {
                let member = &field.member;
                Some(code! { #member: ::core::marker::PhantomData, })
            }
        });
        let variant = variant.name.map(|name| code! { ::#name });
        code! { #kept::#kept_variant(#(#names),*) => #name #variant { #(#fields)* #(#nothing)* }, }
    });
    code! { match #value { #(#arms)* } }
}

fn places<'a>(variant: &'a Variant<'a>) -> Vec<Place<'a>> {
    let kept = variant
        .fields
        .iter()
        .filter(|field| matches!(field.keep, Keep::As(_)));
    let place = |(number, field)| Place {
        field,
        of_view: format_ident!("__salvia_view{number}", span = Span::mixed_site()),
        of_kept: format_ident!("__salvia_kept{number}", span = Span::mixed_site()),
    };
    kept.enumerate().map(place).collect()
}

fn pattern(variant: &Variant<'_>, places: &[Place<'_>]) -> TokenStream {
    let fields = places.iter().map(|place| {
        let (member, name) = (&place.field.member, &place.of_view);
        code! { #member: #name, }
    });
    let rest = (places.len() < variant.fields.len()).then(|| code! { .. });
    let name = variant.name.map(|name| code! { ::#name });
    code! { Self #name { #(#fields)* #rest } }
}
