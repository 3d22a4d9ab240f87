//! Facts about a memo, right or wrong, each with the tokens it came from. Nothing is judged here.

use syn::{Attribute, Generics, Ident, Receiver, ReturnType, Signature, Type, Visibility};

use crate::function::params::{self, Param};
use crate::function::parse::{Body, Function};

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

impl Memo {
    pub(super) fn new(function: Function) -> Self {
        let Function {
            attrs,
            vis,
            sig,
            body,
        } = function;
        let (receiver, params) = params::of(&sig);
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
}
