//! Writes the hidden type and the implementations.
//!
//! No rules and no errors here. What the compiler may have to say about a field is said at its type. `shape` writes what
//! goes through the variants, `snapshot` and `key` the two traits.

mod key;
mod shape;
mod snapshot;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{ConstParam, TypeParam};

use super::kept::{Form, param};
use super::model::View;
use shape::{forms, kept_name, kept_variant};

/// `quote!` for tokens that are nobody's.
macro_rules! code {
    ($($tokens:tt)*) => { quote_spanned! { Span::mixed_site()=> $($tokens)* } };
}
use code;

/// Everything the derive adds.
pub(super) fn projection(view: &View<'_>) -> TokenStream {
    let kept = kept(view);
    let check = snapshot::check(view);
    let to_static = snapshot::implementation(view);
    let param = view.can_be_param.then(|| key::implementation(view));
    code! {
        const _: () = {
            #kept
            #check
            #to_static
            #param
        };
    }
}

/// What stands in after an error, so that the memos that take the type do not fail as well.
pub(super) fn stub(view: &View<'_>) -> TokenStream {
    let View {
        engine,
        name,
        generics,
        ..
    } = view;
    let (params, arguments, clause) = generics.split_for_impl();
    code! {
        #[automatically_derived]
        impl #params #engine::ToStatic for #name #arguments #clause {
            type Static = ();
            fn to_static(&self) {}
            fn eq_static(&self, (): &()) -> bool { false }
        }
    }
}

/// The hidden type: an enum with a variant for each of the view, even if that is one.
fn kept(view: &View<'_>) -> TokenStream {
    let support = view.engine.support();
    let consts = consts(view).map(|param| {
        let (name, ty) = (&param.ident, &param.ty);
        code! { const #name: #ty }
    });
    let params = leaves(view).chain(consts);
    let itself = boxed(view, kept_with(view, leaves(view)));
    let variants = view.variants.iter().enumerate().map(|(number, variant)| {
        let name = kept_variant(number);
        let forms = forms(variant).map(|form: &Form| form.tokens(&itself, &support));
        code! { #name(#(#forms),*) }
    });
    let derive = view.can_be_param.then(|| {
        code! {
            #[derive(::core::clone::Clone, ::core::cmp::PartialEq, ::core::cmp::Eq, ::core::hash::Hash)]
        }
    });
    let name = kept_name();
    code! {
        #[doc(hidden)]
        #derive
        pub enum #name<#(#params),*> { #(#variants),* }
    }
}

/// The hidden type with these arguments for its parts.
fn kept_with(view: &View<'_>, leaves: impl Iterator<Item = TokenStream>) -> TokenStream {
    let name = kept_name();
    let arguments = leaves.chain(consts(view).map(|param| param.ident.to_token_stream()));
    code! { #name<#(#arguments),*> }
}

/// The hidden type where it is kept.
fn boxed(view: &View<'_>, kept: TokenStream) -> TokenStream {
    match view.parts.is_boxed {
        true => code! { ::std::boxed::Box<#kept> },
        false => kept,
    }
}

/// The type parameters that stand for what is kept of the parts.
fn leaves(view: &View<'_>) -> impl Iterator<Item = TokenStream> {
    (0..view.parts.leaves.len()).map(|leaf| param(leaf).into_token_stream())
}

fn consts<'a>(view: &'a View<'_>) -> impl Iterator<Item = &'a ConstParam> {
    view.generics.const_params()
}

/// The parts of an `impl` for the type: its parameters with those that stand for what is kept of these parts, its
/// arguments, and its `where` clause with more predicates.
fn generics(
    view: &View<'_>,
    parts: impl Iterator<Item = usize>,
    more: &[TokenStream],
) -> [TokenStream; 3] {
    let mut generics = view.generics.clone();
    for leaf in parts {
        generics.params.push(TypeParam::from(param(leaf)).into());
    }
    let (params, _, _) = generics.split_for_impl();
    let (_, arguments, _) = view.generics.split_for_impl();
    let own = view.generics.where_clause.iter();
    let own = own.flat_map(|clause| &clause.predicates);
    let params = params.to_token_stream();
    let arguments = arguments.to_token_stream();
    [params, arguments, code! { where #(#own,)* #(#more,)* }]
}
