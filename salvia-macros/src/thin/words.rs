//! Looks for names in tokens, without knowing what they mean there.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;

/// The first token that is this name, at any depth.
pub(crate) fn find(name: &str, tokens: TokenStream) -> Option<Ident> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Ident(ident) => (ident == name).then_some(ident),
        TokenTree::Group(group) => find(name, group.stream()),
        TokenTree::Punct(_) | TokenTree::Literal(_) => None,
    })
}

/// A name that occurs nowhere in the tokens, so that it can stand beside whatever they name.
pub(crate) fn unused(wish: &str, tokens: &TokenStream) -> Ident {
    let mut name = wish.to_owned();
    while find(&name, tokens.clone()).is_some() {
        name.push('_');
    }
    Ident::new(&name, Span::mixed_site())
}

/// Whether these tokens have a name anywhere.
pub(crate) fn has(name: &str, tokens: impl ToTokens) -> Option<Ident> {
    find(name, tokens.into_token_stream())
}
