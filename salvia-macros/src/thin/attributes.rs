//! Which of the trait's attributes its copies in generated code follow.
//!
//! Conditions, `#[cfg]`, hold for everything that is written for what they stand on. What is allowed or expected of a
//! signature is allowed of its copy. Of `#[cfg_attr(a, b, c)]` those of `b`, `c` are followed that would be alone.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Token};

/// The conditions among some attributes.
pub(crate) fn conditions(attrs: &[Attribute]) -> Vec<TokenStream> {
    followed(attrs, condition)
}

/// The lints that some attributes allow.
pub(crate) fn allowed(attrs: &[Attribute]) -> Vec<TokenStream> {
    followed(attrs, allowance)
}

type Follow = fn(&Meta) -> Option<TokenStream>;

fn followed(attrs: &[Attribute], follow: Follow) -> Vec<TokenStream> {
    attrs
        .iter()
        .filter_map(|attr| one(&attr.meta, follow))
        .map(|meta| quote! { #[#meta] })
        .collect()
}

fn one(meta: &Meta, follow: Follow) -> Option<TokenStream> {
    match meta {
        Meta::List(list) if list.path.is_ident("cfg_attr") => inner(list.tokens.clone(), follow),
        _ => follow(meta),
    }
}

fn condition(meta: &Meta) -> Option<TokenStream> {
    meta.path().is_ident("cfg").then(|| meta.to_token_stream())
}

fn allowance(meta: &Meta) -> Option<TokenStream> {
    match meta {
        Meta::List(list) if list.path.is_ident("allow") || list.path.is_ident("expect") => {
            let lints = &list.tokens;
            Some(quote! { allow(#lints) })
        }
        _ if meta.path().is_ident("deprecated") => Some(quote! { allow(deprecated) }),
        _ => None,
    }
}

/// Of `cfg_attr(predicate, a, b)` those of `a`, `b` that are followed.
fn inner(tokens: TokenStream, follow: Follow) -> Option<TokenStream> {
    let mut tokens = tokens.into_iter();
    let is_comma =
        |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',');
    let predicate: TokenStream = tokens
        .by_ref()
        .take_while(|token| !is_comma(token))
        .collect();
    let list = |input: ParseStream<'_>| Punctuated::<Meta, Token![,]>::parse_terminated(input);
    let metas: Vec<_> = list
        .parse2(tokens.collect())
        .ok()?
        .iter()
        .filter_map(|meta| one(meta, follow))
        .collect();
    (!metas.is_empty()).then(|| quote! { cfg_attr(#predicate, #(#metas),*) })
}
