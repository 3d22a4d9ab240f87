//! Which of the user's attributes go where.
//!
//! The query itself keeps them. The hidden method that holds the body of a query with a receiver follows its conditions
//! (`cfg`) and its lint levels, which speak of the body. A deprecated query may call itself, so the body of one may use
//! what is deprecated.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Token};

const FOLLOWED: [&str; 6] = ["cfg", "allow", "warn", "deny", "forbid", "expect"];

/// The attributes of the hidden method.
pub(crate) fn to_body(attrs: &[Attribute]) -> Vec<TokenStream> {
    attrs
        .iter()
        .filter_map(|attr| followed(&attr.meta))
        .map(|meta| quote! { #[#meta] })
        .collect()
}

/// The attributes of a query whose body is inside.
pub(crate) fn to_whole(attrs: &[Attribute]) -> Vec<TokenStream> {
    attrs
        .iter()
        .filter(|attr| !is_implied(attr))
        .map(ToTokens::to_token_stream)
        .collect()
}

/// The attributes of a query whose body is elsewhere: what is expected of the body is only allowed here.
pub(crate) fn to_head(attrs: &[Attribute]) -> Vec<TokenStream> {
    attrs
        .iter()
        .filter(|attr| !is_implied(attr))
        .map(head)
        .collect()
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

/// `#[must_use]` without a reason says what the returned future says of itself, which is linted against.
fn is_implied(attr: &Attribute) -> bool {
    matches!(&attr.meta, Meta::Path(path) if path.is_ident("must_use"))
}

fn followed(meta: &Meta) -> Option<TokenStream> {
    if FOLLOWED.iter().any(|name| meta.path().is_ident(name)) {
        return Some(meta.to_token_stream());
    }
    if meta.path().is_ident("deprecated") {
        return Some(quote! { allow(deprecated) });
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
