//! Which of the user's attributes go to the hidden method that holds the body of a query with a receiver.
//!
//! All of them stay on the query itself. The hidden method follows its conditions (`cfg`), its lint levels, which speak
//! of the body, and its deprecation, because a deprecated function may use what is deprecated.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Token};

const FOLLOWED: [&str; 7] = [
    "cfg",
    "allow",
    "warn",
    "deny",
    "forbid",
    "expect",
    "deprecated",
];

/// The attributes of the hidden method.
pub(crate) fn to_body(attrs: &[Attribute]) -> Vec<TokenStream> {
    attrs
        .iter()
        .filter_map(|attr| followed(&attr.meta))
        .map(|meta| quote! { #[#meta] })
        .collect()
}

/// The attributes of the query, when its body is elsewhere: what is expected of the body is only allowed here.
pub(crate) fn to_head(attrs: &[Attribute]) -> Vec<TokenStream> {
    attrs.iter().map(head).collect()
}

fn head(attr: &Attribute) -> TokenStream {
    match &attr.meta {
        Meta::List(list) if list.path.is_ident("expect") => {
            let lints = &list.tokens;
            quote! { #[allow(#lints)] }
        }
        _ => attr.to_token_stream(),
    }
}

fn followed(meta: &Meta) -> Option<TokenStream> {
    if FOLLOWED.iter().any(|name| meta.path().is_ident(name)) {
        return Some(meta.to_token_stream());
    }
    match meta {
        Meta::List(list) if list.path.is_ident("cfg_attr") => {
            followed_conditions(list.tokens.clone())
        }
        _ => None,
    }
}

/// Of `cfg_attr(condition, a, b)` those of `a`, `b` that are followed.
fn followed_conditions(tokens: TokenStream) -> Option<TokenStream> {
    let mut tokens = tokens.into_iter();
    let is_comma =
        |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',');
    let condition: TokenStream = tokens
        .by_ref()
        .take_while(|token| !is_comma(token))
        .collect();
    let list = |input: ParseStream<'_>| Punctuated::<Meta, Token![,]>::parse_terminated(input);
    let metas: Vec<_> = list
        .parse2(tokens.collect())
        .ok()?
        .iter()
        .filter_map(followed)
        .collect();
    (!metas.is_empty()).then(|| quote! { cfg_attr(#condition, #(#metas),*) })
}
