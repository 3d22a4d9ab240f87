//! `Debug`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;
use syn::{Member, ext::IdentExt};

use super::variants::of_one;
use crate::derive::model::{Model, Variant};

/// Writes what `#[derive]` writes: names without `r#`, and a name alone for what has no fields.
pub(super) fn debug(model: &Model) -> TokenStream {
    let f = Ident::new("__salvia_f", Span::mixed_site());
    let written = of_one(model, |variant, fields| text(variant, fields, &f));
    code! {
        #[inline]
        fn fmt(&self, #f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result { #written }
    }
}

/// Each call takes what the one before gives: a statement each would have results that are not used.
fn text(variant: &Variant, fields: &[TokenStream], f: &Ident) -> TokenStream {
    let name = variant.name.unraw().to_string();
    if fields.is_empty() {
        return code! { ::core::fmt::Formatter::write_str(#f, #name) };
    }
    let (builder, begin) = match variant.is_tuple {
        true => (code! { DebugTuple }, code! { debug_tuple }),
        false => (code! { DebugStruct }, code! { debug_struct }),
    };
    let begun = code! { &mut ::core::fmt::Formatter::#begin(#f, #name) };
    let all = variant.fields.iter().zip(fields).enumerate();
    let added = all.fold(begun, |before, (at, (field, value))| {
        let span = field.span();
        let key = match &field.member {
            Member::Named(name) => {
                let name = name.unraw().to_string();
                Some(quote_spanned! { span=> #name, })
            }
            Member::Unnamed(_) => None,
        };
        // The last field may be unsized: a reference to it is not.
        let last = (at + 1 == fields.len()).then(|| quote_spanned! { span=> & });
        quote_spanned! { span=> ::core::fmt::#builder::field(#before, #key #last #value) }
    });
    code! { ::core::fmt::#builder::finish(#added) }
}
