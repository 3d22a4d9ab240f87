//! Tokens of generated code, and where the compiler takes them to be.
//!
//! Spans matter: what the type checker may have to say about a type is said at the type the user wrote.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Token;

/// `quote!` for tokens that are nobody's: variables in them are hidden from the user, and lints pass them by. All have one
/// context, without which the compiler could not narrow an error down to one argument.
macro_rules! code {
    ($($tokens:tt)*) => { ::quote::quote_spanned! { ::proc_macro2::Span::mixed_site()=> $($tokens)* } };
}
pub(crate) use code;

/// The longest tuple that implements the traits of arguments.
pub(crate) const TUPLE: usize = 12;

/// A tuple of any length; what does not fit is a tuple in its last place.
pub(crate) fn nest(items: &[TokenStream]) -> TokenStream {
    if items.len() <= TUPLE {
        return code! { (#(#items,)*) };
    }
    let (first, rest) = items.split_at(TUPLE - 1);
    let rest = nest(rest);
    code! { (#(#first,)* #rest) }
}

/// The name for use outside the body: the same to read, but lints about the user's names do not see it twice.
pub(crate) fn hidden(name: &syn::PatIdent) -> Ident {
    let mut hidden = name.ident.clone();
    hidden.set_span(nobodys(name.ident.span()));
    hidden
}

/// The tokens at the place, and of the one who wrote, what is there.
pub(crate) fn spanned(tokens: TokenStream, span: Span) -> TokenStream {
    tokens
        .into_iter()
        .map(|mut token| {
            token.set_span(span);
            token
        })
        .collect()
}

/// The first token.
pub(crate) fn first(tokens: &dyn ToTokens) -> TokenStream {
    tokens.to_token_stream().into_iter().take(1).collect()
}

/// Makes the compiler take these tokens for being where `place` is; what is in brackets stays where it was.
pub(crate) fn at(place: &dyn ToTokens, tokens: TokenStream) -> TokenStream {
    let (first, last) = ends(place);
    let (first, last) = (nobodys(first), nobodys(last));
    let mut tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let end = tokens.len().saturating_sub(1);
    for (index, token) in tokens.iter_mut().enumerate() {
        let span = if index > 0 && index == end {
            last
        } else {
            first
        };
        token.set_span(span);
    }
    tokens.into_iter().collect()
}

/// The beginning of a path to what a trait has for a type, `<Type as Trait>::`, and a span for what follows. The compiler takes
/// the path, and the type in it, for being where the type is.
pub(crate) fn of_trait(ty: &dyn ToTokens, of: &TokenStream) -> (TokenStream, Span) {
    let (first, last) = ends(ty);
    let (first, last) = (nobodys(first), nobodys(last));
    let begin = Token![<](first);
    let ty = ty.to_token_stream().into_iter().map(|mut token| {
        token.set_span(nobodys(token.span()));
        token
    });
    let end = spanned(code! { as #of>:: }, last);
    (code! { #begin #(#ty)* #end }, last)
}

/// The place, for tokens that are nobody's.
fn nobodys(span: Span) -> Span {
    Span::mixed_site().located_at(span)
}

/// The first and the last span of some tokens: all that is needed to point at the whole of them.
pub(crate) fn ends(tokens: impl ToTokens) -> (Span, Span) {
    let mut spans = tokens
        .into_token_stream()
        .into_iter()
        .map(|token| token.span());
    let first = spans.next().unwrap_or_else(Span::call_site);
    (first, spans.last().unwrap_or(first))
}
