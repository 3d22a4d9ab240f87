//! The helper attribute that the attribute leaves for the hidden derive.
//!
//! An item may carry several of our attributes. Each puts one hidden derive on it, which runs before the next attribute
//! is expanded; so each takes away the mark of the one before it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Token};

use super::request::Wanted;
use crate::bounds::Standard;

/// The name of the helper attribute.
pub(super) const MARKER: &str = "exact_bounds";

/// Where bounds come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// From the types of all fields.
    Perfect,
    /// From the parameters, but for what is marked.
    Bounded,
}

impl Way {
    /// The name of the attribute.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Perfect => "perfect_derive",
            Self::Bounded => "bounded_derive",
        }
    }
}

/// What the hidden derive has to know.
pub(super) struct Marker {
    pub(super) way: Way,
    /// Whether the item has a `#[bounded_derive]` as well, which the marks on the fields are then for.
    pub(super) beside_bounded: bool,
    pub(super) traits: Vec<Wanted>,
}

impl Marker {
    pub(super) fn into_attribute(self) -> TokenStream {
        let way = Ident::new(self.way.name(), Span::call_site());
        let beside = self.beside_bounded.then(|| quote! { beside });
        let names = self.traits.iter().map(|wanted| &wanted.name);
        let marker = Ident::new(MARKER, Span::call_site());
        quote! { #[#marker(#way #beside: #(#names)*)] }
    }

    /// The marker among the attributes of an item.
    pub(super) fn find(attrs: &[Attribute]) -> Option<Self> {
        let attr = attrs.iter().find(|attr| is_marker(attr))?;
        attr.parse_args().ok()
    }
}

pub(super) fn is_marker(attr: &Attribute) -> bool {
    attr.path().is_ident(MARKER)
}

impl Parse for Marker {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let way: Ident = input.parse()?;
        let mut marker = Self {
            way: match way == Way::Perfect.name() {
                true => Way::Perfect,
                false => Way::Bounded,
            },
            beside_bounded: input.parse::<Option<Ident>>()?.is_some(),
            traits: Vec::new(),
        };
        input.parse::<Token![:]>()?;
        while !input.is_empty() {
            let name: Ident = input.parse()?;
            let (kind, _) = Standard::derivable(&name.to_string())
                .ok_or_else(|| input.error("a trait is expected"))?;
            marker.traits.push(Wanted { kind, name });
        }
        Ok(marker)
    }
}
