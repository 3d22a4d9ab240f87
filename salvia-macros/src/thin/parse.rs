//! The syntax of what `#[thin_dyn]` is put on: any trait.

use proc_macro2::{TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Attribute, ItemTrait, Token, Visibility};

use crate::diag::error;

/// Reads a trait.
pub(crate) fn item(item: TokenStream) -> syn::Result<ItemTrait> {
    let parser = |input: ParseStream<'_>| {
        let ahead = input.fork();
        let read = ahead.call(Attribute::parse_outer).is_ok() && Visibility::parse(&ahead).is_ok();
        if !read || !begins_trait(&ahead) {
            return Err(not_a_trait(&ahead));
        }
        input.parse()
    };
    parser.parse2(item)
}

/// Whether `trait` follows, after nothing but the words that may stand before it.
fn begins_trait(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    while ahead.peek(Token![unsafe]) || ahead.peek(Token![auto]) {
        if ahead.parse::<TokenTree>().is_err() {
            return false;
        }
    }
    ahead.peek(Token![trait])
}

fn not_a_trait(input: ParseStream<'_>) -> syn::Error {
    let message = "`#[thin_dyn]` goes on a trait";
    match input.cursor().token_tree() {
        Some((token, _)) => error(token, message),
        None => error(TokenStream::new(), message),
    }
}
