//! The syntax of what `#[memo]` is put on: a function, with or without a body. The body stays unparsed.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream, Parser};
use syn::{AttrStyle, Attribute, Signature, Token, Visibility};

use crate::diag::error;

/// A function, as written.
pub(super) struct Function {
    /// The outer attributes, then those written inside the body.
    pub(super) attrs: Vec<Attribute>,
    pub(super) vis: Visibility,
    pub(super) sig: Signature,
    pub(super) body: Body,
}

/// What follows the signature.
pub(super) enum Body {
    Block(Group),
    Missing(Token![;]),
}

/// Reads a function.
pub(super) fn function(item: TokenStream) -> syn::Result<Function> {
    let attrs_and_more = |input: ParseStream<'_>| -> syn::Result<(TokenStream, bool)> {
        input.call(Attribute::parse_outer)?;
        input.parse::<Visibility>()?;
        let next = input.cursor().token_tree();
        let next = next.map(|(token, _)| token.into()).unwrap_or_default();
        let is_function = input.parse::<Signature>().is_ok();
        input.parse::<TokenStream>()?;
        Ok((next, is_function))
    };
    match attrs_and_more.parse2(item.clone()) {
        Ok((next, false)) if !says_fn(&item) => Err(error(next, "`#[memo]` goes on a function")),
        _ => Function::parse.parse2(item),
    }
}

/// Whether there is a `fn` before the first braces: then it is the rest of the function that is wrong.
fn says_fn(item: &TokenStream) -> bool {
    let tokens = item.clone().into_iter();
    let mut head = tokens.take_while(|token| !is_block(token));
    head.any(|token| matches!(token, TokenTree::Ident(word) if word == "fn"))
}

fn is_block(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
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

/// Inner attributes are taken out of the body, because the body becomes that of a closure, which cannot have any.
fn read_body(input: ParseStream<'_>, attrs: &mut Vec<Attribute>) -> syn::Result<Body> {
    if input.peek(Token![;]) {
        return input.parse().map(Body::Missing);
    }
    let TokenTree::Group(group) = input.parse()? else {
        return Err(input.error("the body of the memo is expected here"));
    };
    if group.delimiter() != Delimiter::Brace {
        return Err(error(group, "the body of the memo is expected here"));
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
