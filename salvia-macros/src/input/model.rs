//! Facts about the host of an input. Its fields do not matter.

use proc_macro2::TokenStream;
use syn::{Attribute, Data, DeriveInput, GenericParam, Generics, Ident, Meta, Token};

use super::parse::HELPER;
use crate::diag::{Errors, error};
use crate::engine::Engine;
use crate::options;

/// A type that is to be the host of inputs.
pub(crate) struct Host {
    pub(crate) engine: Engine,
    pub(crate) name: Ident,
    pub(crate) generics: Generics,
    /// Present if the type is a union.
    pub(crate) union: Option<Token![union]>,
}

impl Host {
    /// Takes over an item; what is wrong with its helper attributes is reported on the way.
    pub(crate) fn new(input: DeriveInput, errors: &mut Errors) -> Self {
        let mut engine = Engine::default();
        for attr in input
            .attrs
            .iter()
            .filter(|attr| attr.path().is_ident(HELPER))
        {
            match arguments(attr) {
                Ok(options) => options::read(&mut engine, options, errors),
                Err(error) => errors.adopt(error),
            }
        }
        let union = match &input.data {
            Data::Union(data) => Some(data.union_token),
            Data::Struct(_) | Data::Enum(_) => None,
        };
        Self {
            engine,
            name: input.ident,
            generics: input.generics,
            union,
        }
    }

    /// Whether a type or constant parameter of the host has this name.
    pub(crate) fn has_param(&self, name: &str) -> bool {
        self.generics.params.iter().any(|param| match param {
            GenericParam::Lifetime(_) => false,
            GenericParam::Type(param) => param.ident == name,
            GenericParam::Const(param) => param.ident == name,
        })
    }
}

fn arguments(attr: &Attribute) -> syn::Result<TokenStream> {
    match &attr.meta {
        Meta::List(list) => Ok(list.tokens.clone()),
        Meta::Path(_) | Meta::NameValue(_) => Err(error(
            attr,
            format_args!("write `#[{HELPER}(crate = path)]`, or remove the attribute"),
        )),
    }
}
