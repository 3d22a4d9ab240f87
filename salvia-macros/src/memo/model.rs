//! Facts about a memo, right or wrong, each with the tokens it came from. Nothing is judged here.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    Attribute, FnArg, Generics, Ident, Pat, PatIdent, Receiver, ReturnType, Signature, Type,
    Visibility,
};

use super::parse::{Body, Function};

/// A function that is to become a memo.
pub(super) struct Memo {
    pub(super) attrs: Vec<Attribute>,
    pub(super) vis: Visibility,
    pub(super) name: Ident,
    pub(super) generics: Generics,
    pub(super) receiver: Option<Receiver>,
    pub(super) params: Vec<Param>,
    pub(super) output: Option<Type>,
    pub(super) body: Body,
    pub(super) sig: Signature,
}

/// One parameter that is not a receiver.
pub(super) struct Param {
    pub(super) attrs: Vec<Attribute>,
    pub(super) pattern: Pattern,
    pub(super) ty: Type,
}

/// What a parameter binds.
pub(super) enum Pattern {
    Name(PatIdent),
    Wildcard(TokenStream),
    Destructuring(TokenStream),
}

impl Memo {
    pub(super) fn new(function: Function) -> Self {
        let Function {
            attrs,
            vis,
            sig,
            body,
        } = function;
        let (mut receiver, mut params) = (None, Vec::new());
        for input in sig.inputs.clone() {
            match input {
                FnArg::Receiver(found) => receiver = Some(found),
                FnArg::Typed(found) => params.push(Param::new(*found.pat, found.attrs, *found.ty)),
            }
        }
        Self {
            attrs,
            vis,
            name: sig.ident.clone(),
            generics: sig.generics.clone(),
            receiver,
            params,
            output: match &sig.output {
                ReturnType::Default => None,
                ReturnType::Type(_, ty) => Some((**ty).clone()),
            },
            body,
            sig,
        }
    }

    /// The parentheses of the parameters, to point at.
    pub(super) fn parentheses(&self) -> TokenStream {
        let mut group = Group::new(Delimiter::Parenthesis, TokenStream::new());
        group.set_span(self.sig.paren_token.span.join());
        TokenTree::Group(group).into()
    }
}

impl Param {
    fn new(pattern: Pat, mut attrs: Vec<Attribute>, ty: Type) -> Self {
        let pattern = match pattern {
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
        Self { attrs, pattern, ty }
    }
}
