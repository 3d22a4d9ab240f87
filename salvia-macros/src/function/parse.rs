//! The syntax of a function.
//!
//! Accepts every function the compiler's own parser accepts, with or without a body; what of it is wrong is not decided
//! here. The body stays unparsed: no macro looks inside, and parsing it would only cost time.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, LitStr, Signature, Token, Visibility, ext::IdentExt};

use super::What;
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
pub(crate) fn function(what: &What, item: TokenStream) -> syn::Result<Function> {
    let parser = |input: ParseStream<'_>| {
        let mut attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        if !begins_function(input) {
            return Err(not_a_function(what, input));
        }
        let sig = input.parse()?;
        let body = read_body(what, input, &mut attrs)?;
        Ok(Function {
            attrs,
            vis,
            sig,
            body,
        })
    };
    parser.parse2(item)
}

/// Whether `fn` follows, after nothing but the words that may stand before it.
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
    // `fn (` is a type, not a function.
    ahead.parse::<Token![fn]>().is_ok() && ahead.call(syn::Ident::parse_any).is_ok()
}

fn not_a_function(what: &What, input: ParseStream<'_>) -> syn::Error {
    match input.cursor().token_tree() {
        Some((token, _)) => error(token, what.place),
        None => error(TokenStream::new(), what.place),
    }
}

/// Inner attributes are taken out of the body, because that may become the body of a closure, which cannot have any.
fn read_body(what: &What, input: ParseStream<'_>, attrs: &mut Vec<Attribute>) -> syn::Result<Body> {
    if input.peek(Token![;]) {
        return input.parse().map(Body::Missing);
    }
    let expected = format!("the body of the {} is expected here", what.body_of);
    let TokenTree::Group(group) = input.parse()? else {
        return Err(input.error(expected));
    };
    if group.delimiter() != Delimiter::Brace {
        return Err(error(group, expected));
    }
    let block = |block: ParseStream<'_>| {
        let inner = block.call(Attribute::parse_inner)?;
        Ok((inner, block.parse::<TokenStream>()?))
    };
    let (inner, statements) = block.parse2(group.stream())?;
    if inner.is_empty() {
        return Ok(Body::Block(group));
    }
    attrs.extend(inner.into_iter().map(|attr| Attribute {
        style: syn::AttrStyle::Outer,
        ..attr
    }));
    let mut rest = Group::new(Delimiter::Brace, statements);
    rest.set_span(group.span());
    Ok(Body::Block(rest))
}
