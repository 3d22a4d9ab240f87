//! Runs the stages of the hidden derive one after the other.
//!
//! Works on `proc_macro2` streams only, so that tests can feed it anything. Never panics.

use proc_macro2::{Span, TokenStream};
use syn::DeriveInput;

use super::marker::Marker;
use super::{check, emit, model};
use crate::diag::Errors;

/// Expands the hidden derive on an item.
pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(item) {
        Ok(input) => input,
        Err(mistake) => return Errors::from(mistake).into_tokens(),
    };
    let Some(marker) = Marker::find(&input.attrs) else {
        let message = "write `#[perfect_derive(..)]` or `#[bounded_derive(..)]`";
        return Errors::from(syn::Error::new(Span::call_site(), message)).into_tokens();
    };
    let model = model::Model::new(marker, input);
    let mut errors = Errors::default();
    check::check(&model, &mut errors);
    // The implementations are written even after an error, so that what uses the type does not fail as well.
    TokenStream::from_iter([errors.into_tokens(), emit::implementations(&model)])
}
