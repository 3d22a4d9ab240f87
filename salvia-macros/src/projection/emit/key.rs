//! `impl Param`.
//!
//! It is there where the fields allow it. So nothing may fail to compile if they do not: each field's bound is said of all
//! lifetimes, and one that never holds is then no error, but takes the implementation away.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{GenericParam, Lifetime};

use super::shape::{Place, comparing, kept_name, kept_value, kept_variant, matching, rebuilding};
use super::{code, generics, kept_with, leaves};
use crate::projection::kept::param;
use crate::projection::lifetimes::{Borrows, Freed, borrows, replaced};
use crate::projection::model::View;

pub(super) fn implementation(view: &View<'_>) -> TokenStream {
    let View { engine, name, .. } = view;
    let [params, arguments, clause] = generics(view, 0..view.parts.leaves.len(), &asked(view));
    let (kept, value) = (kept_with(view, leaves(view)), kept_value());
    let (lifetime, rebuilt) = (lifetime(), rebuilt(view));
    let [hash_view, matches, to_key, make] = methods(view);
    code! {
        #[automatically_derived]
        impl #params #engine::Param for #name #arguments #clause {
            type Key = #kept;
            type View<#lifetime> = #rebuilt;

            #[inline]
            fn hash_view<__SalviaState: ::core::hash::Hasher>(&self, __salvia_state: &mut __SalviaState) {
                #hash_view
            }

            #[inline]
            fn matches(&self, #value: &Self::Key) -> bool {
                #matches
            }

            fn to_key(&self) -> Self::Key {
                #to_key
            }

            fn view(#value: &Self::Key) -> Self::View<'_> {
                #make
            }
        }
    }
}

fn lifetime() -> Lifetime {
    Lifetime::new("'__salvia", Span::mixed_site())
}

/// The bodies.
fn methods(view: &View<'_>) -> [TokenStream; 4] {
    let way = |place: &Place<'_>, method: &str| {
        let (engine, ty) = (&view.engine, place.field.ty);
        let method = Ident::new(method, Span::mixed_site());
        match borrows(ty, view.generics) {
            // A `'static` reference is not rebuilt, but kept.
            Borrows::Static => {
                let support = engine.support();
                code! { <#ty as #support::owned::Owned>::#method }
            }
            _ => code! { <#ty as #engine::Param>::#method },
        }
    };
    let is_enum = view.variants.len() > 1;
    let hash_view = matching(
        view,
        |place| {
            let (way, name) = (way(place, "hash_view"), &place.of_view);
            code! { #way(#name, __salvia_state); }
        },
        |number, values| {
            let number = is_enum
                .then(|| code! { ::core::hash::Hasher::write_usize(__salvia_state, #number); });
            code! { { #number #(#values)* } }
        },
    );
    let matches = comparing(view, |place| {
        let (way, name, kept) = (way(place, "matches"), &place.of_view, &place.of_kept);
        code! { #way(#name, #kept) }
    });
    let to_key = matching(
        view,
        |place| {
            let (way, name) = (way(place, "to_key"), &place.of_view);
            code! { #way(#name) }
        },
        |number, values| {
            let (kept, variant) = (kept_name(), kept_variant(number));
            code! { #kept::#variant(#(#values),*), }
        },
    );
    let make = rebuilding(view, |place| {
        let (way, kept) = (way(place, "view"), &place.of_kept);
        code! { #way(#kept) }
    });
    [hash_view, matches, to_key, make]
}

/// What has to hold of the fields and parameters.
fn asked(view: &View<'_>) -> Vec<TokenStream> {
    let View {
        engine, generics, ..
    } = view;
    let (support, lifetime) = (engine.support(), lifetime());
    let params = generics.type_params().map(|param| {
        let name = &param.ident;
        code! { #name: 'static + ::core::marker::Sized }
    });
    let leaves = view.parts.leaves.iter().enumerate().map(|(number, leaf)| {
        let (Freed { ty, lifetimes, .. }, param) = (&leaf.freed, param(number));
        let asked = match borrows(leaf.ty, generics) {
            Borrows::Static => code! { #support::owned::Owned<Itself = #param> },
            _ => {
                let rebuilt = replaced(leaf.ty, generics, &lifetime);
                code! { #engine::Param<Key = #param, View<#lifetime> = #rebuilt> }
            }
        };
        code! { for<#(#lifetimes,)* #lifetime> #ty: #asked, #param: #support::Key }
    });
    params.chain(leaves).collect()
}

/// The type itself, with one lifetime in the place of all.
fn rebuilt(view: &View<'_>) -> TokenStream {
    let (name, lifetime) = (view.name, lifetime());
    let arguments = view.generics.params.iter().map(|param| match param {
        GenericParam::Lifetime(_) => lifetime.to_token_stream(),
        GenericParam::Type(param) => param.ident.to_token_stream(),
        GenericParam::Const(param) => param.ident.to_token_stream(),
    });
    code! { #name<#(#arguments),*> }
}
