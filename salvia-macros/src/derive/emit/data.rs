//! `Clone`, `Default`, `Hash`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;

use super::variants::{constructor, member, of_one};
use crate::bounds::Standard;
use crate::derive::model::{Field, Model, Shape, Variant};

/// A type that is `Copy` without a condition is cloned by copying it, as `#[derive]` does.
pub(super) fn clone(model: &Model, is_unbounded: bool) -> TokenStream {
    let is_copied = model.is_wanted(Standard::Copy) && is_unbounded && model.subject.has_no_types();
    let value = match &model.shape {
        Shape::Union(..) => code! { *self },
        Shape::Struct(_) | Shape::Enum(_) if is_copied => code! { *self },
        Shape::Struct(_) | Shape::Enum(_) => of_one(model, |variant, fields| {
            let mut fields = fields.iter();
            made(model, variant, |field| {
                let value = fields.next();
                quote_spanned! { field.span()=> ::core::clone::Clone::clone(#value) }
            })
        }),
    };
    code! {
        #[inline]
        fn clone(&self) -> Self { #value }
    }
}

pub(super) fn default(model: &Model) -> TokenStream {
    let is_default = |variant: &&Variant| match &model.shape {
        Shape::Enum(_) => variant.is_default(),
        Shape::Struct(_) | Shape::Union(..) => true,
    };
    let variant = model.variants().iter().find(is_default);
    let value = variant.map(|variant| {
        made(model, variant, |field| {
            quote_spanned! { field.span()=> ::core::default::Default::default() }
        })
    });
    code! {
        #[inline]
        fn default() -> Self { #value }
    }
}

/// A value of this variant, with these fields.
fn made(
    model: &Model,
    variant: &Variant,
    mut value: impl FnMut(&Field) -> TokenStream,
) -> TokenStream {
    let constructor = constructor(model, variant);
    let fields = variant.fields.iter().map(|field| {
        let (member, value) = (member(field), value(field));
        code! { #member: #value }
    });
    code! { #constructor { #(#fields),* } }
}

/// What is hashed of an enum, before the fields, is the discriminant, as `#[derive]` does: in the type of `repr`, and not
/// if there is but one variant.
pub(super) fn hash(model: &Model) -> TokenStream {
    let state = Ident::new("__salvia_state", Span::mixed_site());
    let hasher = model.subject.free_name("__H");
    let discriminant = (model.variants().len() > 1).then(|| {
        code! { ::core::hash::Hash::hash(&::core::mem::discriminant(self), #state); }
    });
    let fields = of_one(model, |variant, fields| {
        let hashed = variant.fields.iter().zip(fields).map(|(field, value)| {
            quote_spanned! { field.span()=> ::core::hash::Hash::hash(#value, #state) }
        });
        match matches!(model.shape, Shape::Enum(_)) {
            true => code! { { #(#hashed;)* } },
            false => code! { #(#hashed;)* },
        }
    });
    code! {
        #[inline]
        fn hash<#hasher: ::core::hash::Hasher>(&self, #state: &mut #hasher) {
            #discriminant
            #fields
        }
    }
}
