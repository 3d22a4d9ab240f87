//! The parameters of a function, right or wrong, each with the tokens it came from. Nothing is judged here.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, FnArg, Pat, PatIdent, PatType, Receiver, Signature, Type};

/// One parameter that is not a receiver.
pub(crate) struct Param {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) pattern: Pattern,
    pub(crate) ty: Type,
}

/// What a parameter binds.
pub(crate) enum Pattern {
    Name(PatIdent),
    Wildcard(TokenStream),
    Destructuring(TokenStream),
}

/// The receiver, and the other parameters.
pub(crate) fn of(sig: &Signature) -> (Option<Receiver>, Vec<Param>) {
    let (mut receiver, mut params) = (None, Vec::new());
    for input in &sig.inputs {
        match input.clone() {
            FnArg::Receiver(found) => receiver = Some(found),
            FnArg::Typed(found) => params.push(Param::new(found)),
        }
    }
    (receiver, params)
}

/// The parentheses of the parameters, to point at.
pub(crate) fn parentheses(sig: &Signature) -> TokenStream {
    let mut group = Group::new(Delimiter::Parenthesis, TokenStream::new());
    group.set_span(sig.paren_token.span.join());
    TokenTree::Group(group).into()
}

impl Param {
    fn new(param: PatType) -> Self {
        let PatType {
            mut attrs, pat, ty, ..
        } = param;
        let pattern = match *pat {
            Pat::Ident(name) if name.subpat.is_none() => {
                attrs.extend(name.attrs.iter().cloned());
                Pattern::Name(PatIdent {
                    attrs: Vec::new(),
                    ..name
                })
            }
            Pat::Wild(wildcard) => Pattern::Wildcard(wildcard.underscore_token.to_token_stream()),
            pattern => Pattern::Destructuring(pattern.to_token_stream()),
        };
        Self {
            attrs,
            pattern,
            ty: *ty,
        }
    }
}

impl ToTokens for Pattern {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Name(name) => name.to_tokens(tokens),
            Self::Wildcard(other) | Self::Destructuring(other) => other.to_tokens(tokens),
        }
    }
}
