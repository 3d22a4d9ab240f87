//! The attributes: which derives they put on the item.
//!
//! Works on `proc_macro2` streams only, so that tests can feed it anything. Never panics.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::quote_spanned;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Data, DeriveInput, Field, GenericParam};

use super::marker::{Marker, Way, is_marker};
use super::parse::MARK;
use super::request::Request;
use crate::bounds::{Asked, Standard, fields};
use crate::diag::{Errors, error};

/// Expands `#[perfect_derive(list)] item` or `#[bounded_derive(list)] item`.
pub(crate) fn attach(way: Way, list: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let mut request = Request::read(list, &mut errors);
    let head = |input: ParseStream<'_>| {
        let attrs = input.call(Attribute::parse_outer)?;
        Ok((attrs, input.parse::<TokenStream>()?))
    };
    let parsed = syn::parse2::<DeriveInput>(item.clone());
    let (input, (attrs, rest)) = match (parsed, head.parse2(item.clone())) {
        (Ok(input), Ok(head)) => (input, head),
        (Err(_), _) | (_, Err(_)) => {
            errors.adopt(not_a_type(way, &item));
            return TokenStream::from_iter([errors.into_tokens(), item]);
        }
    };
    let (earlier, kept): (Vec<_>, Vec<_>) = attrs.into_iter().partition(is_marker);
    let mut derives = TokenStream::new();
    if has_bounds(&input, &earlier, &request) {
        let marker = Marker {
            way,
            beside_bounded: way == Way::Perfect && has_bounded(&kept, &earlier),
            traits: std::mem::take(&mut request.traits),
        };
        derives.extend(hidden(&request, marker));
    } else {
        derives.extend(standard(&request));
    }
    TokenStream::from_iter([
        errors.into_tokens(),
        derives,
        quote::quote! { #(#kept)* },
        rest,
    ])
}

fn hidden(request: &Request, marker: Marker) -> TokenStream {
    let support = request.engine.support();
    let span = marker.traits.first().map_or_else(Span::mixed_site, |one| {
        Span::mixed_site().located_at(one.name.span())
    });
    let derive = quote_spanned! { span=> #[derive(#support::ExactBounds)] };
    TokenStream::from_iter([derive, marker.into_attribute()])
}

/// The derives of the standard library.
fn standard(request: &Request) -> TokenStream {
    if request.traits.is_empty() {
        return TokenStream::new();
    }
    let paths = request
        .traits
        .iter()
        .map(|wanted| wanted.kind.path(wanted.name.span()));
    quote::quote! { #[derive(#(#paths),*)] }
}

/// Whether there is anything the derives of the standard library would do otherwise.
///
/// For a type without parameters there is nothing, and their `PartialEq` allows what no other can: constants of the type
/// as patterns.
fn has_bounds(input: &DeriveInput, earlier: &[Attribute], request: &Request) -> bool {
    let has_params = !input
        .generics
        .params
        .iter()
        .all(|param| matches!(param, GenericParam::Lifetime(_)));
    let is_special = match &input.data {
        Data::Struct(_) => false,
        Data::Enum(_) => request
            .traits
            .iter()
            .any(|wanted| wanted.kind == Standard::Default),
        Data::Union(_) => true,
    };
    has_params || is_special || !earlier.is_empty() || is_marked(input)
}

/// Whether there is a mark anywhere, or an attribute that may turn out to be one.
fn is_marked(input: &DeriveInput) -> bool {
    let is_mark = |attr: &Attribute| attr.path().is_ident(MARK) || attr.path().is_ident("cfg_attr");
    let of_variants = match &input.data {
        Data::Enum(data) => data
            .variants
            .iter()
            .any(|one| one.attrs.iter().any(is_mark)),
        Data::Struct(_) | Data::Union(_) => false,
    };
    let of_field = |field: &&Field| field.attrs.iter().any(is_mark);
    of_variants || input.attrs.iter().any(is_mark) || fields(&input.data).iter().any(of_field)
}

/// Whether the item has a `#[bounded_derive]`, still to come or already expanded.
fn has_bounded(kept: &[Attribute], earlier: &[Attribute]) -> bool {
    let to_come = kept.iter().any(|attr| {
        let name = attr.path().segments.last();
        name.is_some_and(|name| name.ident == Way::Bounded.name())
    });
    let before = Marker::find(earlier);
    to_come || before.is_some_and(|one| one.way == Way::Bounded || one.beside_bounded)
}

/// Points at the word that tells what the item is.
fn not_a_type(way: Way, item: &TokenStream) -> syn::Error {
    let words = ["struct", "enum", "union"];
    let is_type = item.clone().into_iter().any(
        |token| matches!(&token, TokenTree::Ident(name) if words.iter().any(|word| name == word)),
    );
    if is_type && let Err(mistake) = syn::parse2::<DeriveInput>(item.clone()) {
        return mistake;
    }
    let first = item.clone().into_iter().find(|token| match token {
        TokenTree::Ident(name) => name != "pub",
        TokenTree::Group(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    });
    let message =
        format_args!("`#[{}]` goes on a struct, an enum, or a union", way.name()).to_string();
    match first {
        Some(token) => error(token, message),
        None => error(item, message),
    }
}
