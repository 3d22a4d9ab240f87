//! The syntax of what `#[nested]` is put on: any function, with or without a body.
//!
//! The body stays unparsed: the macro never looks inside.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream, Parser};
use syn::{AttrStyle, Attribute, LitStr, Signature, Token, Visibility, ext::IdentExt};

use crate::diag::error;

/// A function, as written.
pub(crate) struct Function {
    /// The outer attributes, then those written inside the body.
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
    pub(crate) body: Body,
}

/// What follows the signature.
pub(crate) enum Body {
    Block(Group),
    Missing(Token![;]),
}

/// Reads a function.
pub(crate) fn function(item: TokenStream) -> syn::Result<Function> {
    Function::parse.parse2(item)
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        if !begins_function(input) {
            return Err(not_a_function(input));
        }
        let sig = input.parse()?;
        let body = read_body(input, &mut attrs)?;
        Ok(Self {
            attrs,
            vis,
            sig,
            body,
        })
    }
}

/// Whether `fn` and a name follow, after nothing but the words that may stand before them.
fn begins_function(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    while !ahead.peek(Token![fn]) {
        let modifier = ahead.peek(Token![const])
            || ahead.peek(Token![async])
            || ahead.peek(Token![unsafe])
            || ahead.peek(Token![extern])
            || ahead.peek(LitStr);
        if !modifier || ahead.parse::<TokenTree>().is_err() {
            return false;
        }
    }
    ahead.parse::<Token![fn]>().is_ok() && ahead.call(syn::Ident::parse_any).is_ok()
}

fn not_a_function(input: ParseStream<'_>) -> syn::Error {
    let message =
        "`#[nested]` goes on a function: for a part of one there is `salvia::scope::call`";
    match input.cursor().token_tree() {
        Some((token, _)) => error(token, message),
        None => error(TokenStream::new(), message),
    }
}

/// Inner attributes are taken out of the body, because that may become the body of a block, which cannot have any.
fn read_body(input: ParseStream<'_>, attrs: &mut Vec<Attribute>) -> syn::Result<Body> {
    if input.peek(Token![;]) {
        return input.parse().map(Body::Missing);
    }
    let TokenTree::Group(group) = input.parse()? else {
        return Err(input.error("the body of the function is expected here"));
    };
    if group.delimiter() != Delimiter::Brace {
        return Err(error(group, "the body of the function is expected here"));
    }
    let block = |block: ParseStream<'_>| {
        let inner = block.call(Attribute::parse_inner)?;
        Ok((inner, block.parse::<TokenStream>()?))
    };
    let (inner, statements) = block.parse2(group.stream())?;
    attrs.extend(inner.into_iter().map(|attr| Attribute {
        style: AttrStyle::Outer,
        ..attr
    }));
    let mut rest = Group::new(Delimiter::Brace, statements);
    rest.set_span(group.span());
    Ok(Body::Block(rest))
}
