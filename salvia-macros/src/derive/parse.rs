//! The syntax of the marks: `#[bound_derive]` on a field, `#[bound_derive(Type, ..)]` on a type.

use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Token, Type};

use crate::diag::error;

/// The name of the marks.
pub(super) const MARK: &str = "bound_derive";

/// The marks among attributes.
pub(super) fn marks(attrs: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    attrs.iter().filter(|attr| attr.path().is_ident(MARK))
}

/// The types in the mark of a type.
pub(super) fn types(mark: &Attribute) -> syn::Result<Vec<Type>> {
    match &mark.meta {
        Meta::List(list) => {
            let types = list.parse_args_with(Punctuated::<Listed, Token![,]>::parse_terminated)?;
            Ok(types.into_iter().map(|listed| listed.0).collect())
        }
        Meta::Path(_) | Meta::NameValue(_) => Err(error(
            mark,
            "list the types that are to be bounded, as `#[bound_derive(Rc<T>)]`, or mark fields instead",
        )),
    }
}

/// A type alone.
struct Listed(Type);

impl Parse for Listed {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let ty = input.parse()?;
        match input.parse::<Option<Token![:]>>()? {
            None => Ok(Self(ty)),
            Some(colon) => Err(error(
                colon,
                "list the types alone: the trait they are bounded by is the one that is derived",
            )),
        }
    }
}

/// The mark of a field is but a word.
pub(super) fn word(mark: &Attribute) -> syn::Result<()> {
    match &mark.meta {
        Meta::Path(_) => Ok(()),
        Meta::List(list) => Err(error(
            match list.tokens.is_empty() {
                true => mark.to_token_stream(),
                false => list.tokens.clone(),
            },
            "the mark of a field takes nothing: write `#[bound_derive]`, or put the list on the type",
        )),
        Meta::NameValue(value) => Err(error(
            &value.value,
            "the mark of a field takes nothing: write `#[bound_derive]`",
        )),
    }
}
